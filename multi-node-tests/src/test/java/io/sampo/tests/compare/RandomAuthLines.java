package io.sampo.tests.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Lines of a script drawn from a seed: few users, roles and keys, so that they meet. */
final class RandomAuthLines {

  private static final String[] USERS = {"u1", "u2", "u3"};
  private static final String[] ROLES = {"r1", "r2", "r3", "r4", "r5", "r6"};
  private static final String[] KEYS = {"a", "b", "b1", "c", "d"};
  private static final String[] ENDS = {"", "", "b", "c", "d", "e", "\\000"};
  private static final String[] TYPES = {"READ", "WRITE", "READWRITE"};

  private final SplittableRandom random;

  private RandomAuthLines(long seed) {
    random = new SplittableRandom(seed);
  }

  static List<String> all(long seed, int count) {
    RandomAuthLines source = new RandomAuthLines(seed);
    List<String> lines =
        new ArrayList<>(
            List.of(
                "- Auth/UserAdd name: 'root' password: 'root'",
                "- Auth/UserGrantRole user: 'root' role: 'root'"));
    for (String user : USERS) {
      lines.add("- Auth/UserAdd name: '%s' password: '%s'".formatted(user, user));
    }
    for (String role : ROLES) {
      lines.add("- Auth/RoleAdd name: '%s'".formatted(role));
    }
    lines.add("- Auth/AuthEnable");
    lines.add("login root root");
    for (String user : USERS) {
      lines.add("login %s %s".formatted(user, user));
    }
    for (int i = 0; i < count; i++) {
      lines.add(source.line());
    }
    return lines;
  }

  private String line() {
    int choice = random.nextInt(20);
    if (choice < 12) {
      return caller() + " " + request();
    }
    if (choice < 13) {
      String user = of(USERS);
      return "login " + user + " " + user;
    }
    return (random.nextInt(8) == 0 ? caller() : "root") + " " + change();
  }

  private String caller() {
    int choice = random.nextInt(10);
    return choice == 0 ? Sessions.NOBODY : choice == 1 ? "root" : of(USERS);
  }

  private String change() {
    String user = of(USERS);
    String role = of(ROLES);
    return switch (random.nextInt(random.nextInt(4) == 0 ? 14 : 6)) {
      case 0, 1, 2 -> "Auth/UserGrantRole user: '%s' role: '%s'".formatted(user, role);
      case 3, 4 ->
          "Auth/RoleGrantPermission name: '%s' perm { permType: %s %s }"
              .formatted(role, of(TYPES), range());
      case 5 -> "Auth/RoleRevokePermission role: '%s' %s".formatted(role, range());
      case 6 -> "Auth/UserRevokeRole name: '%s' role: '%s'".formatted(user, role);
      case 7 -> "Auth/UserDelete name: '%s'".formatted(user);
      case 8, 9 -> "Auth/UserAdd name: '%s' password: '%s'".formatted(user, user);
      case 10 -> "Auth/RoleDelete role: '%s'".formatted(role);
      case 11 -> "Auth/RoleAdd name: '%s'".formatted(role);
      case 12 -> "Auth/UserGet name: '%s'".formatted(user);
      default -> "Auth/AuthStatus";
    };
  }

  private String request() {
    return switch (random.nextInt(12)) {
      case 0 -> "Lease/LeaseGrant ID: %d TTL: 9000".formatted(lease());
      case 1 -> "Lease/LeaseTimeToLive ID: %d keys: true".formatted(lease());
      case 2 -> random.nextBoolean() ? "Lease/LeaseLeases" : "Lease/LeaseRevoke ID: " + lease();
      case 3 -> "KV/DeleteRange " + range() + previous();
      case 4, 5 -> "KV/Txn " + txn(2);
      case 6, 7, 8 -> "KV/Put " + put();
      case 9 -> "Auth/RoleGet role: '%s'".formatted(of(ROLES));
      default -> "KV/Range " + range() + (random.nextBoolean() ? " serializable: true" : "");
    };
  }

  private String txn(int depth) {
    StringBuilder txn = new StringBuilder();
    if (random.nextBoolean()) {
      txn.append("compare { target: VERSION %s version: 1 } ".formatted(range()));
    }
    if (random.nextBoolean()) {
      txn.append("success { %s } ".formatted(operation(depth)));
    }
    if (random.nextBoolean()) {
      txn.append("failure { %s } ".formatted(operation(depth)));
    }
    return txn.toString();
  }

  private String operation(int depth) {
    return switch (random.nextInt(depth > 0 ? 4 : 3)) {
      case 0 -> "request_put { %s }".formatted(put());
      case 1 -> "request_range { %s }".formatted(range());
      case 2 -> "request_delete_range { %s }".formatted(range() + previous());
      default -> "request_txn { %s }".formatted(txn(depth - 1));
    };
  }

  private String put() {
    String lease = random.nextInt(4) == 0 ? " lease: " + lease() : "";
    return "key: '%s' value: 'v%d'%s%s".formatted(of(KEYS), random.nextInt(9), lease, previous());
  }

  private int lease() {
    return 1 + random.nextInt(3);
  }

  /** An end below the key would be a known difference. */
  private String range() {
    String key = of(KEYS);
    String end = of(ENDS);
    boolean below = !end.startsWith("\\") && end.compareTo(key) < 0;
    return "key: '%s' range_end: '%s'".formatted(key, below ? "" : end);
  }

  private String previous() {
    return random.nextInt(3) == 0 ? " prev_kv: true" : "";
  }

  private String of(String[] some) {
    return some[random.nextInt(some.length)];
  }
}
