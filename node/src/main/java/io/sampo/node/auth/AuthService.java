package io.sampo.node.auth;

import com.google.protobuf.Message;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.protocol.etcdserverpb.AuthDisableRequest;
import io.sampo.protocol.etcdserverpb.AuthDisableResponse;
import io.sampo.protocol.etcdserverpb.AuthEnableRequest;
import io.sampo.protocol.etcdserverpb.AuthEnableResponse;
import io.sampo.protocol.etcdserverpb.AuthPowerApi;
import io.sampo.protocol.etcdserverpb.AuthRoleAddRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleAddResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleDeleteRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleDeleteResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleGetRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGetResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleListRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleListResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleRevokePermissionResponse;
import io.sampo.protocol.etcdserverpb.AuthStatusRequest;
import io.sampo.protocol.etcdserverpb.AuthStatusResponse;
import io.sampo.protocol.etcdserverpb.AuthUserAddRequest;
import io.sampo.protocol.etcdserverpb.AuthUserAddResponse;
import io.sampo.protocol.etcdserverpb.AuthUserChangePasswordRequest;
import io.sampo.protocol.etcdserverpb.AuthUserChangePasswordResponse;
import io.sampo.protocol.etcdserverpb.AuthUserDeleteRequest;
import io.sampo.protocol.etcdserverpb.AuthUserDeleteResponse;
import io.sampo.protocol.etcdserverpb.AuthUserGetRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGetResponse;
import io.sampo.protocol.etcdserverpb.AuthUserGrantRoleRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGrantRoleResponse;
import io.sampo.protocol.etcdserverpb.AuthUserListRequest;
import io.sampo.protocol.etcdserverpb.AuthUserListResponse;
import io.sampo.protocol.etcdserverpb.AuthUserRevokeRoleRequest;
import io.sampo.protocol.etcdserverpb.AuthUserRevokeRoleResponse;
import io.sampo.protocol.etcdserverpb.AuthenticateRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * etcd's Auth service. Everything goes through the log, also what only reads, and who may do it is
 * decided where it is applied. Passwords are hashed before: the log never sees one.
 */
public final class AuthService implements AuthPowerApi {
  private final AccessGate access;
  private final Authentication authentication;
  private final PasswordHashes passwords;
  private final ResponseHeaders headers;

  public AuthService(
      AccessGate access,
      Authentication authentication,
      PasswordHashes passwords,
      ResponseHeaders headers) {
    this.access = access;
    this.authentication = authentication;
    this.passwords = passwords;
    this.headers = headers;
  }

  @Override
  public CompletionStage<AuthenticateResponse> authenticate(
      AuthenticateRequest in, Metadata metadata) {
    return authentication.authenticate(in).thenApply(headers::completed);
  }

  @Override
  public CompletionStage<AuthStatusResponse> authStatus(AuthStatusRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthStatus(in), AuthStatusResponse.class);
  }

  @Override
  public CompletionStage<AuthEnableResponse> authEnable(AuthEnableRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthEnable(in), AuthEnableResponse.class);
  }

  @Override
  public CompletionStage<AuthDisableResponse> authDisable(
      AuthDisableRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthDisable(in), AuthDisableResponse.class);
  }

  @Override
  public CompletionStage<AuthUserAddResponse> userAdd(AuthUserAddRequest in, Metadata metadata) {
    if (in.getOptions().getNoPassword()) {
      return propose(metadata, request().setAuthUserAdd(in), AuthUserAddResponse.class);
    }
    return passwords
        .hash(in.getPassword())
        .thenCompose(
            hash ->
                propose(
                    metadata,
                    request()
                        .setAuthUserAdd(in.toBuilder().clearPassword().setHashedPassword(hash)),
                    AuthUserAddResponse.class));
  }

  @Override
  public CompletionStage<AuthUserChangePasswordResponse> userChangePassword(
      AuthUserChangePasswordRequest in, Metadata metadata) {
    if (in.getPassword().isEmpty()) {
      return propose(
          metadata, request().setAuthUserChangePassword(in), AuthUserChangePasswordResponse.class);
    }
    return passwords
        .hash(in.getPassword())
        .thenCompose(
            hash ->
                propose(
                    metadata,
                    request()
                        .setAuthUserChangePassword(
                            in.toBuilder().clearPassword().setHashedPassword(hash)),
                    AuthUserChangePasswordResponse.class));
  }

  @Override
  public CompletionStage<AuthUserGetResponse> userGet(AuthUserGetRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthUserGet(in), AuthUserGetResponse.class);
  }

  @Override
  public CompletionStage<AuthUserListResponse> userList(AuthUserListRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthUserList(in), AuthUserListResponse.class);
  }

  @Override
  public CompletionStage<AuthUserDeleteResponse> userDelete(
      AuthUserDeleteRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthUserDelete(in), AuthUserDeleteResponse.class);
  }

  @Override
  public CompletionStage<AuthUserGrantRoleResponse> userGrantRole(
      AuthUserGrantRoleRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthUserGrantRole(in), AuthUserGrantRoleResponse.class);
  }

  @Override
  public CompletionStage<AuthUserRevokeRoleResponse> userRevokeRole(
      AuthUserRevokeRoleRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthUserRevokeRole(in), AuthUserRevokeRoleResponse.class);
  }

  @Override
  public CompletionStage<AuthRoleAddResponse> roleAdd(AuthRoleAddRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthRoleAdd(in), AuthRoleAddResponse.class);
  }

  @Override
  public CompletionStage<AuthRoleGetResponse> roleGet(AuthRoleGetRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthRoleGet(in), AuthRoleGetResponse.class);
  }

  @Override
  public CompletionStage<AuthRoleListResponse> roleList(AuthRoleListRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthRoleList(in), AuthRoleListResponse.class);
  }

  @Override
  public CompletionStage<AuthRoleDeleteResponse> roleDelete(
      AuthRoleDeleteRequest in, Metadata metadata) {
    return propose(metadata, request().setAuthRoleDelete(in), AuthRoleDeleteResponse.class);
  }

  @Override
  public CompletionStage<AuthRoleGrantPermissionResponse> roleGrantPermission(
      AuthRoleGrantPermissionRequest in, Metadata metadata) {
    return propose(
        metadata, request().setAuthRoleGrantPermission(in), AuthRoleGrantPermissionResponse.class);
  }

  @Override
  public CompletionStage<AuthRoleRevokePermissionResponse> roleRevokePermission(
      AuthRoleRevokePermissionRequest in, Metadata metadata) {
    return propose(
        metadata,
        request().setAuthRoleRevokePermission(in),
        AuthRoleRevokePermissionResponse.class);
  }

  private static InternalRaftRequest.Builder request() {
    return InternalRaftRequest.newBuilder();
  }

  private <R extends Message> CompletableFuture<R> propose(
      Metadata metadata, InternalRaftRequest.Builder request, Class<R> response) {
    return access.propose(metadata, request, response).thenApply(headers::completed);
  }
}
