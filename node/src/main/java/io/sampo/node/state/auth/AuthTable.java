package io.sampo.node.state.auth;

import io.sampo.node.state.lease.KeySet;
import io.sampo.protocol.authpb.Role;
import io.sampo.protocol.authpb.User;
import io.sampo.protocol.error.EtcdError;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Users and roles after some entry; immutable, any number of threads may ask it. Users and roles
 * are kept in the form in which etcd stores them.
 *
 * <p>The checks throw the {@link io.sampo.protocol.error.EtcdException} to answer with, or return.
 * While authentication is off they all return.
 */
public final class AuthTable {
  /** The name of the user and of the role that may do everything. */
  public static final String ROOT = "root";

  /** Names in the order of their UTF-8 form, which is the one of code points. */
  static final Comparator<String> NAMES = AuthTable::compareCodePoints;

  /** The table before the first change: off, at revision 1. */
  public static final AuthTable EMPTY = of(false, false, 1, Map.of(), Map.of());

  private final boolean everEnabled;
  private final boolean enabled;
  private final long revision;
  private final SortedMap<String, User> users;
  private final SortedMap<String, Role> roles;

  /** Made when a user is first asked about; a table is one auth revision, so it stays right. */
  private final Map<String, UserAccess> accesses = new ConcurrentHashMap<>();

  private AuthTable(
      boolean everEnabled,
      boolean enabled,
      long revision,
      SortedMap<String, User> users,
      SortedMap<String, Role> roles) {
    this.everEnabled = everEnabled;
    this.enabled = enabled;
    this.revision = revision;
    this.users = Collections.unmodifiableSortedMap(users);
    this.roles = Collections.unmodifiableSortedMap(roles);
  }

  /**
   * @param everEnabled whether it is on or has been on before
   * @param revision 0, as in a database that never had one, counts as 1
   * @param users by their names
   * @param roles by their names
   */
  public static AuthTable of(
      boolean everEnabled,
      boolean enabled,
      long revision,
      Map<String, User> users,
      Map<String, Role> roles) {
    return new AuthTable(
        everEnabled, enabled, revision == 0 ? 1 : revision, sorted(users), sorted(roles));
  }

  private static <T> SortedMap<String, T> sorted(Map<String, T> entries) {
    TreeMap<String, T> sorted = new TreeMap<>(NAMES);
    sorted.putAll(entries);
    return sorted;
  }

  static int compareCodePoints(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean halves = Character.isSurrogate(a) != Character.isSurrogate(b);
        return halves ? (Character.isSurrogate(a) ? 1 : -1) : a - b;
      }
    }
    return left.length() - right.length();
  }

  public boolean enabled() {
    return enabled;
  }

  /** Whether it is on or has been on before, which etcd's database tells from never. */
  public boolean everEnabled() {
    return everEnabled;
  }

  /** The auth revision, unsigned: it grows with every change of users, roles or permissions. */
  public long revision() {
    return revision;
  }

  /** Every user by name, in the order of names. */
  public SortedMap<String, User> users() {
    return users;
  }

  /** Every role by name, in the order of names. */
  public SortedMap<String, Role> roles() {
    return roles;
  }

  /** The user, or null. */
  public User user(String name) {
    return users.get(name);
  }

  /** The role, or null. */
  public Role role(String name) {
    return roles.get(name);
  }

  /** Whether the user is there and has the role. */
  public boolean hasRole(String userName, String role) {
    User user = user(userName);
    return user != null && user.getRolesList().contains(role);
  }

  /**
   * Whether a user may read the range, by a caller found at that auth revision.
   *
   * @param rangeEnd as in a request: empty for the key alone, a zero byte for all from it on
   * @throws io.sampo.protocol.error.EtcdException USER_EMPTY, AUTH_OLD_REVISION, PERMISSION_DENIED
   */
  public void checkRead(String user, long callerRevision, byte[] key, byte[] rangeEnd) {
    if (enabled && !accessOf(user, callerRevision).mayRead(key, rangeEnd)) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
  }

  /** Likewise whether it may write the range. */
  public void checkWrite(String user, long callerRevision, byte[] key, byte[] rangeEnd) {
    if (enabled && !accessOf(user, callerRevision).mayWrite(key, rangeEnd)) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
  }

  /** Whether it may read each of those keys; nobody is asked who that is if there is none. */
  public void checkRead(String user, long callerRevision, KeySet keys) {
    if (enabled && !keys.isEmpty() && !accessOf(user, callerRevision).mayRead(keys)) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
  }

  /** Likewise whether it may write them. */
  public void checkWrite(String user, long callerRevision, KeySet keys) {
    if (enabled && !keys.isEmpty() && !accessOf(user, callerRevision).mayWrite(keys)) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
  }

  /** No caller has the revision 0. */
  private UserAccess accessOf(String user, long callerRevision) {
    if (callerRevision == 0) {
      throw EtcdError.USER_EMPTY.exception();
    }
    if (Long.compareUnsigned(callerRevision, revision) < 0) {
      throw EtcdError.AUTH_OLD_REVISION.exception();
    }
    UserAccess access = access(user);
    if (access == null) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
    return access;
  }

  private UserAccess access(String name) {
    UserAccess known = accesses.get(name);
    if (known != null) {
      return known;
    }
    User user = users.get(name);
    return user == null ? null : accesses.computeIfAbsent(name, it -> UserAccess.of(user, roles));
  }

  /**
   * Whether the user has the role root. The caller's revision does not matter.
   *
   * @throws io.sampo.protocol.error.EtcdException USER_EMPTY, USER_NOT_FOUND, PERMISSION_DENIED
   */
  public void checkAdmin(String user) {
    if (!enabled) {
      return;
    }
    if (user.isEmpty()) {
      throw EtcdError.USER_EMPTY.exception();
    }
    UserAccess access = access(user);
    if (access == null) {
      throw EtcdError.USER_NOT_FOUND.exception();
    }
    if (!access.root()) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
  }

  /** Whether {@link #checkAdmin} would return. */
  public boolean isAdmin(String user) {
    if (!enabled) {
      return true;
    }
    UserAccess access = access(user);
    return access != null && access.root();
  }

  AuthTable turnedOn() {
    return new AuthTable(true, true, revision, users, roles);
  }

  AuthTable turnedOff() {
    return new AuthTable(true, false, revision + 1, users, roles);
  }

  AuthTable with(User user) {
    SortedMap<String, User> changed = new TreeMap<>(users);
    changed.put(user.getName().toStringUtf8(), user);
    return new AuthTable(everEnabled, enabled, revision + 1, changed, roles);
  }

  AuthTable withoutUser(String name) {
    SortedMap<String, User> changed = new TreeMap<>(users);
    changed.remove(name);
    return new AuthTable(everEnabled, enabled, revision + 1, changed, roles);
  }

  AuthTable with(Role role) {
    SortedMap<String, Role> changed = new TreeMap<>(roles);
    changed.put(role.getName().toStringUtf8(), role);
    return new AuthTable(everEnabled, enabled, revision + 1, users, changed);
  }

  /** Without the role, which is taken from every user that has it. */
  AuthTable withoutRole(String name) {
    SortedMap<String, Role> changed = new TreeMap<>(roles);
    changed.remove(name);
    SortedMap<String, User> remaining = new TreeMap<>(users);
    remaining.replaceAll((key, user) -> withoutRole(user, name));
    return new AuthTable(everEnabled, enabled, revision + 1, remaining, changed);
  }

  /** The user without the role; the same one if it does not have it. */
  static User withoutRole(User user, String role) {
    if (!user.getRolesList().contains(role)) {
      return user;
    }
    User.Builder changed = user.toBuilder().clearRoles();
    user.getRolesList().stream().filter(it -> !it.equals(role)).forEach(changed::addRoles);
    return changed.build();
  }
}
