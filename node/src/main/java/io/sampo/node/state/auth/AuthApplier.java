package io.sampo.node.state.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.protocol.authpb.Permission;
import io.sampo.protocol.authpb.User;
import io.sampo.protocol.authpb.UserAddOptions;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.AuthDisableResponse;
import io.sampo.protocol.etcdserverpb.AuthEnableResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleGetRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGetResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleListResponse;
import io.sampo.protocol.etcdserverpb.AuthStatusResponse;
import io.sampo.protocol.etcdserverpb.AuthUserAddRequest;
import io.sampo.protocol.etcdserverpb.AuthUserAddResponse;
import io.sampo.protocol.etcdserverpb.AuthUserChangePasswordRequest;
import io.sampo.protocol.etcdserverpb.AuthUserChangePasswordResponse;
import io.sampo.protocol.etcdserverpb.AuthUserDeleteResponse;
import io.sampo.protocol.etcdserverpb.AuthUserGetRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGetResponse;
import io.sampo.protocol.etcdserverpb.AuthUserGrantRoleRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGrantRoleResponse;
import io.sampo.protocol.etcdserverpb.AuthUserListResponse;
import io.sampo.protocol.etcdserverpb.AuthUserRevokeRoleRequest;
import io.sampo.protocol.etcdserverpb.AuthUserRevokeRoleResponse;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.protocol.etcdserverpb.InternalAuthenticateRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies what is about users, roles and authentication itself (etcd 3.7.1, auth/store.go). A
 * request that fails changes nothing. Belongs to one thread.
 */
public final class AuthApplier {
  private AuthTable table;
  private AuthEvent event;

  public AuthApplier(AuthTable table) {
    this.table = table;
  }

  public AuthTable table() {
    return table;
  }

  /** What the last request means for tokens, once; null if nothing. */
  public AuthEvent takeEvent() {
    AuthEvent taken = event;
    event = null;
    return taken;
  }

  /**
   * Applies a request, which {@link AccessRules#isForAdmins} has let pass.
   *
   * @param user in whose name it was proposed, empty if in nobody's
   * @param index of its entry; the one before becomes part of a simple token
   * @param header for the response
   * @return null if the request is not about authentication
   */
  public Message apply(
      InternalRaftRequest request, String user, long index, ResponseHeader header) {
    if (request.hasAuthenticate()) {
      return authenticate(request.getAuthenticate(), index, header);
    }
    if (request.hasAuthStatus()) {
      return AuthStatusResponse.newBuilder()
          .setHeader(header)
          .setEnabled(table.enabled())
          .setAuthRevision(table.revision())
          .build();
    }
    if (request.hasAuthEnable()) {
      enable();
      return AuthEnableResponse.newBuilder().setHeader(header).build();
    }
    if (request.hasAuthDisable()) {
      disable();
      return AuthDisableResponse.newBuilder().setHeader(header).build();
    }
    Message response = applyToUsers(request, user, header);
    return response != null ? response : applyToRoles(request, user, header);
  }

  private Message applyToUsers(InternalRaftRequest request, String user, ResponseHeader header) {
    if (request.hasAuthUserAdd()) {
      add(request.getAuthUserAdd());
      return AuthUserAddResponse.newBuilder().setHeader(header).build();
    }
    if (request.hasAuthUserDelete()) {
      deleteUser(request.getAuthUserDelete().getName());
      return AuthUserDeleteResponse.newBuilder().setHeader(header).build();
    }
    if (request.hasAuthUserChangePassword()) {
      changePassword(request.getAuthUserChangePassword());
      return AuthUserChangePasswordResponse.newBuilder().setHeader(header).build();
    }
    if (request.hasAuthUserGrantRole()) {
      grant(request.getAuthUserGrantRole());
      return AuthUserGrantRoleResponse.newBuilder().setHeader(header).build();
    }
    if (request.hasAuthUserRevokeRole()) {
      revoke(request.getAuthUserRevokeRole());
      return AuthUserRevokeRoleResponse.newBuilder().setHeader(header).build();
    }
    if (request.hasAuthUserGet()) {
      return get(request.getAuthUserGet(), user, header);
    }
    if (request.hasAuthUserList()) {
      return AuthUserListResponse.newBuilder()
          .setHeader(header)
          .addAllUsers(table.users().keySet())
          .build();
    }
    return null;
  }

  private Message applyToRoles(InternalRaftRequest request, String user, ResponseHeader header) {
    if (request.hasAuthRoleGet()) {
      return get(request.getAuthRoleGet(), user, header);
    }
    if (request.hasAuthRoleList()) {
      return AuthRoleListResponse.newBuilder()
          .setHeader(header)
          .addAllRoles(table.roles().keySet())
          .build();
    }
    RoleChanges changes = new RoleChanges(table);
    Message response = changes.apply(request, header);
    table = changes.table();
    return response;
  }

  private void enable() {
    if (table.enabled()) {
      return;
    }
    if (table.user(AuthTable.ROOT) == null) {
      throw EtcdError.ROOT_USER_NOT_EXIST.exception();
    }
    if (!table.hasRole(AuthTable.ROOT, AuthTable.ROOT)) {
      throw EtcdError.ROOT_ROLE_NOT_EXIST.exception();
    }
    table = table.turnedOn();
    event = new AuthEvent.Enabled();
  }

  private void disable() {
    if (table.enabled()) {
      table = table.turnedOff();
      event = new AuthEvent.Disabled();
    }
  }

  /** Whoever proposed it has compared the password. */
  private Message authenticate(
      InternalAuthenticateRequest request, long index, ResponseHeader header) {
    if (!table.enabled()) {
      throw EtcdError.AUTH_NOT_ENABLED.exception();
    }
    User user = table.user(request.getName());
    if (user == null || user.getOptions().getNoPassword()) {
      throw EtcdError.AUTH_FAILED.exception();
    }
    event =
        new AuthEvent.Authenticated(
            request.getName(),
            table.revision(),
            // Not its own index: etcd asks for that of the last entry whose effect is complete.
            request.getSimpleToken() + "." + Long.toUnsignedString(index - 1));
    return AuthenticateResponse.newBuilder().setHeader(header).build();
  }

  private void add(AuthUserAddRequest request) {
    if (request.getName().isEmpty()) {
      throw EtcdError.USER_EMPTY.exception();
    }
    if (table.user(request.getName()) != null) {
      throw EtcdError.USER_ALREADY_EXISTS.exception();
    }
    UserAddOptions options = request.getOptions();
    User.Builder user =
        User.newBuilder().setName(ByteString.copyFromUtf8(request.getName())).setOptions(options);
    if (!options.getNoPassword()) {
      user.setPassword(Passwords.decode(request.getHashedPassword()));
    }
    table = table.with(user.build());
  }

  private void deleteUser(String name) {
    if (table.enabled() && name.equals(AuthTable.ROOT)) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    existing(name);
    table = table.withoutUser(name);
    event = new AuthEvent.UserInvalidated(name);
  }

  private void changePassword(AuthUserChangePasswordRequest request) {
    User user = existing(request.getName());
    ByteString password =
        user.getOptions().getNoPassword()
            ? ByteString.EMPTY
            : Passwords.decode(request.getHashedPassword());
    table = table.with(user.toBuilder().setPassword(password).build());
    event = new AuthEvent.UserInvalidated(request.getName());
  }

  /** The role root can be had before it is made. To have a role already is no change. */
  private void grant(AuthUserGrantRoleRequest request) {
    User user = existing(request.getUser());
    if (!request.getRole().equals(AuthTable.ROOT) && table.role(request.getRole()) == null) {
      throw EtcdError.ROLE_NOT_FOUND.exception();
    }
    if (user.getRolesList().contains(request.getRole())) {
      return;
    }
    List<String> roles = new ArrayList<>(user.getRolesList());
    roles.add(request.getRole());
    roles.sort(AuthTable.NAMES);
    table = table.with(user.toBuilder().clearRoles().addAllRoles(roles).build());
  }

  private void revoke(AuthUserRevokeRoleRequest request) {
    if (table.enabled()
        && request.getName().equals(AuthTable.ROOT)
        && request.getRole().equals(AuthTable.ROOT)) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    User user = existing(request.getName());
    User changed = AuthTable.withoutRole(user, request.getRole());
    if (changed == user) {
      throw EtcdError.ROLE_NOT_GRANTED.exception();
    }
    table = table.with(changed);
  }

  /** Everybody may look at oneself. */
  private AuthUserGetResponse get(AuthUserGetRequest request, String user, ResponseHeader header) {
    if (!request.getName().equals(user)) {
      table.checkAdmin(user);
    }
    return AuthUserGetResponse.newBuilder()
        .setHeader(header)
        .addAllRoles(existing(request.getName()).getRolesList())
        .build();
  }

  /** Everybody may look at the roles one has. What the role root may do is not stored with it. */
  private AuthRoleGetResponse get(AuthRoleGetRequest request, String user, ResponseHeader header) {
    if (!table.hasRole(user, request.getRole())) {
      table.checkAdmin(user);
    }
    if (table.role(request.getRole()) == null) {
      throw EtcdError.ROLE_NOT_FOUND.exception();
    }
    AuthRoleGetResponse.Builder response = AuthRoleGetResponse.newBuilder().setHeader(header);
    if (request.getRole().equals(AuthTable.ROOT)) {
      return response
          .addPerm(
              Permission.newBuilder()
                  .setPermType(Permission.Type.READWRITE)
                  .setRangeEnd(ByteString.copyFrom(new byte[1])))
          .build();
    }
    return response.addAllPerm(table.role(request.getRole()).getKeyPermissionList()).build();
  }

  private User existing(String name) {
    User user = table.user(name);
    if (user == null) {
      throw EtcdError.USER_NOT_FOUND.exception();
    }
    return user;
  }
}
