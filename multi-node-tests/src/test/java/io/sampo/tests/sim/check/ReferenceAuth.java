package io.sampo.tests.sim.check;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.protocol.authpb.Permission;
import io.sampo.protocol.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Users and roles after some entry in the plainest form, written from etcd's documentation instead
 * of from our own table. Immutable.
 *
 * @param users the roles of each
 * @param roles what each grants, by range
 */
record ReferenceAuth(
    boolean enabled,
    long revision,
    Map<String, Set<String>> users,
    Map<String, Map<Keys, Permission.Type>> roles) {
  private static final String ROOT = "root";

  /** Before the first entry. */
  static final ReferenceAuth OFF = new ReferenceAuth(false, 1, Map.of(), Map.of());

  /** A range as a request has it. */
  record Keys(ByteString key, ByteString end) {
    boolean holds(ByteString one) {
      return ReferenceStore.inRange(one, key, end);
    }
  }

  // ---- questions ----

  boolean isAdmin(String user) {
    return !enabled || users.getOrDefault(user, Set.of()).contains(ROOT);
  }

  boolean mayRead(String user, ByteString key, ByteString end) {
    return may(user, Permission.Type.READ, new Keys(key, end));
  }

  private boolean mayWrite(String user, ByteString key, ByteString end) {
    return may(user, Permission.Type.WRITE, new Keys(key, end));
  }

  /** Permissions begin and end at certain keys, so it suffices to ask about each of these. */
  private boolean may(String user, Permission.Type wanted, Keys asked) {
    if (isAdmin(user)) {
      return true;
    }
    List<Keys> granted = new ArrayList<>();
    for (String role : users.getOrDefault(user, Set.of())) {
      roles
          .getOrDefault(role, Map.of())
          .forEach(
              (keys, type) -> {
                if (type == wanted || type == Permission.Type.READWRITE) {
                  granted.add(keys);
                }
              });
    }
    List<ByteString> places = new ArrayList<>(List.of(asked.key()));
    for (Keys keys : granted) {
      places.add(keys.key());
      places.add(keys.end().isEmpty() ? keys.key().concat(zero()) : keys.end());
    }
    return places.stream()
        .filter(place -> asked.holds(place) && !(place.equals(zero())))
        .allMatch(place -> granted.stream().anyMatch(keys -> keys.holds(place)));
  }

  private static ByteString zero() {
    return ByteString.copyFrom(new byte[1]);
  }

  /**
   * Whether the user may have that done.
   *
   * @param leased the keys that hang on the request's lease before it
   */
  boolean allows(String user, Message request, Collection<ByteString> leased) {
    if (request instanceof RangeRequest range) {
      return mayRead(user, range.getKey(), range.getRangeEnd());
    } else if (request instanceof PutRequest put) {
      return mayWrite(user, put.getKey(), ByteString.EMPTY)
          && allowsKeysOf(user, leased)
          && (!put.getPrevKv() || mayRead(user, put.getKey(), ByteString.EMPTY));
    } else if (request instanceof DeleteRangeRequest delete) {
      return mayWrite(user, delete.getKey(), delete.getRangeEnd())
          && (!delete.getPrevKv() || mayRead(user, delete.getKey(), delete.getRangeEnd()));
    } else if (request instanceof TxnRequest txn) {
      return allowsTxn(user, txn);
    }
    return true;
  }

  boolean allowsKeysOf(String user, Collection<ByteString> leased) {
    return leased.stream().allMatch(key -> mayWrite(user, key, ByteString.EMPTY));
  }

  private boolean allowsTxn(String user, TxnRequest txn) {
    for (Compare compare : txn.getCompareList()) {
      if (!mayRead(user, compare.getKey(), compare.getRangeEnd())) {
        return false;
      }
    }
    List<RequestOp> both = new ArrayList<>(txn.getSuccessList());
    both.addAll(txn.getFailureList());
    return both.stream().allMatch(op -> allows(user, requestOf(op), List.of()));
  }

  private static Message requestOf(RequestOp op) {
    return switch (op.getRequestCase()) {
      case REQUEST_RANGE -> op.getRequestRange();
      case REQUEST_PUT -> op.getRequestPut();
      case REQUEST_DELETE_RANGE -> op.getRequestDeleteRange();
      case REQUEST_TXN -> op.getRequestTxn();
      default -> throw new IllegalStateException("an operation of no kind");
    };
  }

  // ---- the log ----

  /** Whether an entry does what it says, by whom its header names. */
  boolean accepts(InternalRaftRequest request, Collection<ByteString> leased) {
    String user = request.getHeader().getUsername();
    if (isAboutUsers(request)) {
      return isAdmin(user);
    }
    Message asked = null;
    if (request.hasPut()) {
      asked = request.getPut();
    } else if (request.hasDeleteRange()) {
      asked = request.getDeleteRange();
    } else if (request.hasTxn()) {
      asked = request.getTxn();
    }
    boolean free = asked == null && (!request.hasLeaseRevoke() || leased.isEmpty());
    if (!enabled || free || (asked == null && isAdmin(user))) {
      return true;
    }
    boolean known =
        request.getHeader().getAuthRevision() != 0
            && request.getHeader().getAuthRevision() >= revision;
    return known && (asked == null ? allowsKeysOf(user, leased) : allows(user, asked, leased));
  }

  private static boolean isAboutUsers(InternalRaftRequest request) {
    return request.hasAuthEnable()
        || request.hasAuthUserAdd()
        || request.hasAuthUserDelete()
        || request.hasAuthUserChangePassword()
        || request.hasAuthUserGrantRole()
        || request.hasAuthUserRevokeRole()
        || request.hasAuthRoleAdd()
        || request.hasAuthRoleDelete()
        || request.hasAuthRoleGrantPermission()
        || request.hasAuthRoleRevokePermission();
  }

  /** The table after an entry that is {@link #accepts accepted}. */
  ReferenceAuth after(InternalRaftRequest request) {
    if (request.hasAuthEnable()) {
      return users.getOrDefault(ROOT, Set.of()).contains(ROOT)
          ? new ReferenceAuth(true, revision, users, roles)
          : this;
    }
    Change change = new Change();
    boolean changed =
        request.hasAuthRoleAdd()
                || request.hasAuthRoleDelete()
                || request.hasAuthRoleGrantPermission()
                || request.hasAuthRoleRevokePermission()
            ? change.roles(request)
            : change.users(request);
    return changed ? new ReferenceAuth(enabled, revision + 1, change.users, change.roles) : this;
  }

  /** Copies that are changed. */
  private final class Change {
    private final Map<String, Set<String>> users = new TreeMap<>();
    private final Map<String, Map<Keys, Permission.Type>> roles = new TreeMap<>();

    Change() {
      ReferenceAuth.this.users.forEach((name, its) -> users.put(name, new TreeSet<>(its)));
      ReferenceAuth.this.roles.forEach((name, its) -> roles.put(name, new HashMap<>(its)));
    }

    boolean users(InternalRaftRequest request) {
      if (request.hasAuthUserAdd()) {
        return users.putIfAbsent(request.getAuthUserAdd().getName(), new TreeSet<>()) == null;
      } else if (request.hasAuthUserDelete()) {
        return users.remove(request.getAuthUserDelete().getName()) != null;
      } else if (request.hasAuthUserChangePassword()) {
        return users.containsKey(request.getAuthUserChangePassword().getName());
      } else if (request.hasAuthUserGrantRole()) {
        String role = request.getAuthUserGrantRole().getRole();
        Set<String> its = users.get(request.getAuthUserGrantRole().getUser());
        return its != null && (role.equals(ROOT) || roles.containsKey(role)) && its.add(role);
      } else if (request.hasAuthUserRevokeRole()) {
        Set<String> its = users.get(request.getAuthUserRevokeRole().getName());
        return its != null && its.remove(request.getAuthUserRevokeRole().getRole());
      }
      return false;
    }

    boolean roles(InternalRaftRequest request) {
      if (request.hasAuthRoleAdd()) {
        return roles.putIfAbsent(request.getAuthRoleAdd().getName(), new HashMap<>()) == null;
      } else if (request.hasAuthRoleDelete()) {
        String name = request.getAuthRoleDelete().getRole();
        users.values().forEach(its -> its.remove(name));
        return roles.remove(name) != null;
      } else if (request.hasAuthRoleGrantPermission()) {
        AuthRoleGrantPermissionRequest grant = request.getAuthRoleGrantPermission();
        Map<Keys, Permission.Type> its = roles.get(grant.getName());
        if (its != null) {
          its.put(
              new Keys(grant.getPerm().getKey(), grant.getPerm().getRangeEnd()),
              grant.getPerm().getPermType());
        }
        return its != null;
      }
      AuthRoleRevokePermissionRequest revoke = request.getAuthRoleRevokePermission();
      Map<Keys, Permission.Type> its = roles.get(revoke.getRole());
      return its != null && its.remove(new Keys(revoke.getKey(), revoke.getRangeEnd())) != null;
    }
  }
}
