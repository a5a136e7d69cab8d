package io.sampo.node.state;

import static io.sampo.node.state.Requests.bytes;

import io.sampo.protocol.authpb.Permission;
import io.sampo.protocol.authpb.Permission.Type;
import io.sampo.protocol.authpb.UserAddOptions;
import io.sampo.protocol.etcdserverpb.AuthDisableRequest;
import io.sampo.protocol.etcdserverpb.AuthEnableRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleAddRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleDeleteRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGetRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleListRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthUserAddRequest;
import io.sampo.protocol.etcdserverpb.AuthUserChangePasswordRequest;
import io.sampo.protocol.etcdserverpb.AuthUserDeleteRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGetRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGrantRoleRequest;
import io.sampo.protocol.etcdserverpb.AuthUserListRequest;
import io.sampo.protocol.etcdserverpb.AuthUserRevokeRoleRequest;
import io.sampo.protocol.etcdserverpb.InternalAuthenticateRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;

/** Requests about users and roles as tests like to write them. */
final class AuthRequests {
  private AuthRequests() {}

  /** The request in a user's name, as found by that auth revision. */
  static InternalRaftRequest by(String user, long revision, InternalRaftRequest request) {
    return request.toBuilder()
        .setHeader(RequestHeader.newBuilder().setUsername(user).setAuthRevision(revision))
        .build();
  }

  static InternalRaftRequest enable() {
    return raft().setAuthEnable(AuthEnableRequest.getDefaultInstance()).build();
  }

  static InternalRaftRequest disable() {
    return raft().setAuthDisable(AuthDisableRequest.getDefaultInstance()).build();
  }

  static InternalRaftRequest authenticate(String user, String prefix) {
    return raft()
        .setAuthenticate(
            InternalAuthenticateRequest.newBuilder().setName(user).setSimpleToken(prefix))
        .build();
  }

  static InternalRaftRequest addUser(String name, String hashedPassword) {
    return raft()
        .setAuthUserAdd(
            AuthUserAddRequest.newBuilder().setName(name).setHashedPassword(hashedPassword))
        .build();
  }

  static InternalRaftRequest addUserWithoutPassword(String name) {
    return raft()
        .setAuthUserAdd(
            AuthUserAddRequest.newBuilder()
                .setName(name)
                .setOptions(UserAddOptions.newBuilder().setNoPassword(true)))
        .build();
  }

  static InternalRaftRequest deleteUser(String name) {
    return raft().setAuthUserDelete(AuthUserDeleteRequest.newBuilder().setName(name)).build();
  }

  static InternalRaftRequest changePassword(String name, String hashedPassword) {
    return raft()
        .setAuthUserChangePassword(
            AuthUserChangePasswordRequest.newBuilder()
                .setName(name)
                .setHashedPassword(hashedPassword))
        .build();
  }

  static InternalRaftRequest grantRole(String user, String role) {
    return raft()
        .setAuthUserGrantRole(AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role))
        .build();
  }

  static InternalRaftRequest revokeRole(String user, String role) {
    return raft()
        .setAuthUserRevokeRole(AuthUserRevokeRoleRequest.newBuilder().setName(user).setRole(role))
        .build();
  }

  static InternalRaftRequest getUser(String name) {
    return raft().setAuthUserGet(AuthUserGetRequest.newBuilder().setName(name)).build();
  }

  static InternalRaftRequest users() {
    return raft().setAuthUserList(AuthUserListRequest.getDefaultInstance()).build();
  }

  static InternalRaftRequest addRole(String name) {
    return raft().setAuthRoleAdd(AuthRoleAddRequest.newBuilder().setName(name)).build();
  }

  static InternalRaftRequest deleteRole(String name) {
    return raft().setAuthRoleDelete(AuthRoleDeleteRequest.newBuilder().setRole(name)).build();
  }

  static InternalRaftRequest grant(String role, Type type, String key, String end) {
    return raft()
        .setAuthRoleGrantPermission(
            AuthRoleGrantPermissionRequest.newBuilder()
                .setName(role)
                .setPerm(
                    Permission.newBuilder()
                        .setPermType(type)
                        .setKey(bytes(key))
                        .setRangeEnd(bytes(end))))
        .build();
  }

  static InternalRaftRequest revoke(String role, String key, String end) {
    return raft()
        .setAuthRoleRevokePermission(
            AuthRoleRevokePermissionRequest.newBuilder()
                .setRole(role)
                .setKey(bytes(key))
                .setRangeEnd(bytes(end)))
        .build();
  }

  static InternalRaftRequest getRole(String name) {
    return raft().setAuthRoleGet(AuthRoleGetRequest.newBuilder().setRole(name)).build();
  }

  static InternalRaftRequest roles() {
    return raft().setAuthRoleList(AuthRoleListRequest.getDefaultInstance()).build();
  }

  private static InternalRaftRequest.Builder raft() {
    return InternalRaftRequest.newBuilder();
  }
}
