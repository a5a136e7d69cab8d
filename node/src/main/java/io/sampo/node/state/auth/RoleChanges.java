package io.sampo.node.state.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.protocol.authpb.Permission;
import io.sampo.protocol.authpb.Role;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.AuthRoleAddResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleDeleteResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleRevokePermissionResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Applies what changes roles. */
final class RoleChanges {
  private static final Comparator<ByteString> KEYS = ByteString.unsignedLexicographicalComparator();

  private AuthTable table;

  RoleChanges(AuthTable table) {
    this.table = table;
  }

  AuthTable table() {
    return table;
  }

  /** Null if the request does not change roles. */
  Message apply(InternalRaftRequest request, ResponseHeader header) {
    if (request.hasAuthRoleAdd()) {
      add(request.getAuthRoleAdd().getName());
      return AuthRoleAddResponse.newBuilder().setHeader(header).build();
    }
    if (request.hasAuthRoleDelete()) {
      delete(request.getAuthRoleDelete().getRole());
      return AuthRoleDeleteResponse.newBuilder().setHeader(header).build();
    }
    if (request.hasAuthRoleGrantPermission()) {
      grant(request.getAuthRoleGrantPermission());
      return AuthRoleGrantPermissionResponse.newBuilder().setHeader(header).build();
    }
    if (request.hasAuthRoleRevokePermission()) {
      revoke(request.getAuthRoleRevokePermission());
      return AuthRoleRevokePermissionResponse.newBuilder().setHeader(header).build();
    }
    return null;
  }

  private void add(String name) {
    if (name.isEmpty()) {
      throw EtcdError.ROLE_EMPTY.exception();
    }
    if (table.role(name) != null) {
      throw EtcdError.ROLE_ALREADY_EXISTS.exception();
    }
    table = table.with(Role.newBuilder().setName(ByteString.copyFromUtf8(name)).build());
  }

  private void delete(String name) {
    if (table.enabled() && name.equals(AuthTable.ROOT)) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    existing(name);
    table = table.withoutRole(name);
  }

  private void grant(AuthRoleGrantPermissionRequest request) {
    if (!request.hasPerm()) {
      throw EtcdError.PERMISSION_NOT_GIVEN.exception();
    }
    Permission granted = request.getPerm();
    if (!isRange(granted.getKey().toByteArray(), granted.getRangeEnd().toByteArray())) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    Role role = existing(request.getName());
    table = table.with(with(role, granted));
  }

  /**
   * Permissions are in the order of their keys; among those of one key a new one comes last. As in
   * etcd only the first of a key is compared, so that granting a later one again repeats it.
   */
  private static Role with(Role role, Permission granted) {
    List<Permission> permissions = new ArrayList<>(role.getKeyPermissionList());
    int first = 0;
    while (first < permissions.size() && compareKeys(permissions.get(first), granted) < 0) {
      first++;
    }
    if (first < permissions.size() && isSameRange(permissions.get(first), granted)) {
      permissions.set(
          first,
          permissions.get(first).toBuilder().setPermTypeValue(granted.getPermTypeValue()).build());
    } else {
      int after = first;
      while (after < permissions.size() && compareKeys(permissions.get(after), granted) == 0) {
        after++;
      }
      permissions.add(
          after,
          Permission.newBuilder()
              .setPermTypeValue(granted.getPermTypeValue())
              .setKey(granted.getKey())
              .setRangeEnd(granted.getRangeEnd())
              .build());
    }
    return role.toBuilder().clearKeyPermission().addAllKeyPermission(permissions).build();
  }

  private static int compareKeys(Permission left, Permission right) {
    return KEYS.compare(left.getKey(), right.getKey());
  }

  private static boolean isSameRange(Permission left, Permission right) {
    return left.getKey().equals(right.getKey()) && left.getRangeEnd().equals(right.getRangeEnd());
  }

  private void revoke(AuthRoleRevokePermissionRequest request) {
    Role role = existing(request.getRole());
    Role.Builder changed = role.toBuilder().clearKeyPermission();
    for (Permission permission : role.getKeyPermissionList()) {
      if (!permission.getKey().equals(request.getKey())
          || !permission.getRangeEnd().equals(request.getRangeEnd())) {
        changed.addKeyPermission(permission);
      }
    }
    if (changed.getKeyPermissionCount() == role.getKeyPermissionCount()) {
      throw EtcdError.PERMISSION_NOT_GRANTED.exception();
    }
    table = table.with(changed.build());
  }

  /** A key alone, a range that holds a key, or all keys from one on. */
  private static boolean isRange(byte[] key, byte[] rangeEnd) {
    if (key.length == 0) {
      return false;
    }
    boolean open = rangeEnd.length == 1 && rangeEnd[0] == 0;
    return rangeEnd.length == 0 || open || Arrays.compareUnsigned(key, rangeEnd) < 0;
  }

  private Role existing(String name) {
    Role role = table.role(name);
    if (role == null) {
      throw EtcdError.ROLE_NOT_FOUND.exception();
    }
    return role;
  }
}
