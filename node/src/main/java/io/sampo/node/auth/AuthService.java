package io.sampo.node.auth;

import io.grpc.Status;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * The Auth service of a node whose authentication is off and cannot be turned on yet. What has an
 * answer in that state gives it; what would change users or roles is refused and changes nothing.
 */
public final class AuthService implements AuthPowerApi {
  /** etcd's auth revision of a store in which nothing about authentication ever changed. */
  private static final long INITIAL_AUTH_REVISION = 1;

  private static final EtcdException NOT_THERE =
      new EtcdException(
          Status.Code.UNIMPLEMENTED,
          "sampo: authentication is not there yet, no user or role was changed");

  private final ResponseHeaders headers;

  public AuthService(ResponseHeaders headers) {
    this.headers = headers;
  }

  @Override
  public CompletionStage<AuthStatusResponse> authStatus(AuthStatusRequest in, Metadata metadata) {
    return CompletableFuture.completedFuture(
        AuthStatusResponse.newBuilder()
            .setHeader(headers.current())
            .setAuthRevision(INITIAL_AUTH_REVISION)
            .build());
  }

  @Override
  public CompletionStage<AuthenticateResponse> authenticate(
      AuthenticateRequest in, Metadata metadata) {
    return CompletableFuture.failedFuture(EtcdError.AUTH_NOT_ENABLED.exception());
  }

  @Override
  public CompletionStage<AuthEnableResponse> authEnable(AuthEnableRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthDisableResponse> authDisable(
      AuthDisableRequest in, Metadata metadata) {
    return CompletableFuture.completedFuture(
        AuthDisableResponse.newBuilder().setHeader(headers.current()).build());
  }

  @Override
  public CompletionStage<AuthUserAddResponse> userAdd(AuthUserAddRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthUserGetResponse> userGet(AuthUserGetRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthUserListResponse> userList(AuthUserListRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthUserDeleteResponse> userDelete(
      AuthUserDeleteRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthUserChangePasswordResponse> userChangePassword(
      AuthUserChangePasswordRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthUserGrantRoleResponse> userGrantRole(
      AuthUserGrantRoleRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthUserRevokeRoleResponse> userRevokeRole(
      AuthUserRevokeRoleRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthRoleAddResponse> roleAdd(AuthRoleAddRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthRoleGetResponse> roleGet(AuthRoleGetRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthRoleListResponse> roleList(AuthRoleListRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthRoleDeleteResponse> roleDelete(
      AuthRoleDeleteRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthRoleGrantPermissionResponse> roleGrantPermission(
      AuthRoleGrantPermissionRequest in, Metadata metadata) {
    return refused();
  }

  @Override
  public CompletionStage<AuthRoleRevokePermissionResponse> roleRevokePermission(
      AuthRoleRevokePermissionRequest in, Metadata metadata) {
    return refused();
  }

  private static <T> CompletionStage<T> refused() {
    return CompletableFuture.failedFuture(NOT_THERE);
  }
}
