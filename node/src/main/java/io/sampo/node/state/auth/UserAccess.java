package io.sampo.node.state.auth;

import io.sampo.node.state.lease.KeySet;
import io.sampo.protocol.authpb.Permission;
import io.sampo.protocol.authpb.Role;
import io.sampo.protocol.authpb.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What one user may do as of one auth revision: the union of what its roles grant.
 *
 * @param root whether it has the role root, which may do everything
 */
record UserAccess(boolean root, KeyIntervals read, KeyIntervals write) {

  static UserAccess of(User user, Map<String, Role> roles) {
    if (user.getRolesList().contains(AuthTable.ROOT)) {
      return new UserAccess(true, KeyIntervals.NONE, KeyIntervals.NONE);
    }
    List<Permission> read = new ArrayList<>();
    List<Permission> write = new ArrayList<>();
    for (String name : user.getRolesList()) {
      Role role = roles.get(name);
      if (role != null) {
        role.getKeyPermissionList().forEach(permission -> sort(permission, read, write));
      }
    }
    return new UserAccess(false, KeyIntervals.union(read), KeyIntervals.union(write));
  }

  /** etcd stores permissions of a type that it does not know; they grant nothing. */
  private static void sort(Permission permission, List<Permission> read, List<Permission> write) {
    switch (permission.getPermType()) {
      case READ -> read.add(permission);
      case WRITE -> write.add(permission);
      case READWRITE -> {
        read.add(permission);
        write.add(permission);
      }
      case UNRECOGNIZED -> {}
    }
  }

  boolean mayRead(byte[] key, byte[] rangeEnd) {
    return root || read.cover(key, rangeEnd);
  }

  boolean mayRead(KeySet keys) {
    return root || read.cover(keys);
  }

  boolean mayWrite(KeySet keys) {
    return root || write.cover(keys);
  }

  boolean mayWrite(byte[] key, byte[] rangeEnd) {
    return root || write.cover(key, rangeEnd);
  }
}
