package io.sampo.tests.sim.client;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What users know of themselves, and of each other. */
public final class Users {
  static final String ROOT = "root";
  static final List<String> NAMES = List.of("ann", "bob", "cem");
  static final List<String> ROLES = List.of("r0", "r1", "r2");
  static final int KEYS = 6;

  /** The last is wanted; whether it was set nobody knows. */
  private final Map<String, List<String>> passwords = new TreeMap<>();

  private final boolean leases;

  /** What was granted last, to anybody; 0 for none. */
  private long lease;

  /**
   * @param leases whether they take leases
   */
  public Users(boolean leases) {
    this.leases = leases;
    NAMES.forEach(this::newPassword);
    newPassword(ROOT);
  }

  String newPassword(String user) {
    List<String> its = passwords.computeIfAbsent(user, any -> new ArrayList<>());
    its.add(user + its.size());
    return its.get(its.size() - 1);
  }

  /** The last, or at times the one before. */
  String password(String user, RandomGenerator random) {
    List<String> its = passwords.get(user);
    return its.get(Math.max(0, its.size() - 1 - (random.nextInt(4) == 0 ? 1 : 0)));
  }

  boolean haveLeases() {
    return leases;
  }

  void granted(long id) {
    lease = id;
  }

  long lease() {
    return lease;
  }

  static ByteString key(RandomGenerator random) {
    return Keys.key(random.nextInt(KEYS));
  }

  /** Empty for the key alone, or the end of a range that begins there and holds a key. */
  static ByteString end(ByteString key, RandomGenerator random) {
    int number = key.byteAt(1) - 'a';
    return switch (random.nextInt(4)) {
      case 0 -> Keys.toTheEnd();
      case 1 -> Keys.key(number + 1 + random.nextInt(KEYS));
      default -> ByteString.EMPTY;
    };
  }
}
