package io.sampo.node.state.auth;

import io.sampo.node.state.lease.KeySet;
import io.sampo.protocol.authpb.Permission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The union of granted ranges as sorted intervals that neither overlap nor touch. Asking it is a
 * binary search that allocates nothing.
 */
final class KeyIntervals {
  /** No key. */
  static final KeyIntervals NONE = new KeyIntervals(new byte[0][], new byte[0][]);

  private static final byte[] FIRST = {};

  private final byte[][] begins;

  /** Exclusive; null without an end. */
  private final byte[][] ends;

  private KeyIntervals(byte[][] begins, byte[][] ends) {
    this.begins = begins;
    this.ends = ends;
  }

  private record Interval(byte[] begin, byte[] end) {
    static Interval of(Permission permission) {
      byte[] begin = permission.getKey().toByteArray();
      byte[] end = permission.getRangeEnd().toByteArray();
      if (end.length == 0) {
        return new Interval(begin, Arrays.copyOf(begin, begin.length + 1));
      }
      return new Interval(begin, isOpen(end) ? null : end);
    }

    /** Versions of etcd before 3.5 accepted ranges that hold no key. */
    boolean holdsKeys() {
      return begin.length > 0 && (end == null || Arrays.compareUnsigned(begin, end) < 0);
    }
  }

  static KeyIntervals union(List<Permission> permissions) {
    List<Interval> sorted = new ArrayList<>(permissions.size());
    for (Permission permission : permissions) {
      Interval interval = Interval.of(permission);
      if (interval.holdsKeys()) {
        sorted.add(interval);
      }
    }
    sorted.sort(Comparator.comparing(Interval::begin, Arrays::compareUnsigned));
    List<Interval> merged = new ArrayList<>(sorted.size());
    for (Interval next : sorted) {
      Interval last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last == null || !reaches(last.end(), next.begin())) {
        merged.add(next);
      } else if (last.end() != null && !reaches(last.end(), next.end())) {
        merged.set(merged.size() - 1, new Interval(last.begin(), next.end()));
      }
    }
    return new KeyIntervals(
        merged.stream().map(Interval::begin).toArray(byte[][]::new),
        merged.stream().map(Interval::end).toArray(byte[][]::new));
  }

  /**
   * Whether every key of a request's range is in it. A range that holds no key, because its end is
   * not above its key, counts as its key alone.
   *
   * @param rangeEnd empty for the key alone, a zero byte for all keys from it on
   */
  boolean cover(byte[] key, byte[] rangeEnd) {
    int candidate = lastBeginAtOrBefore(key);
    if (candidate < 0 || key.length == 0) {
      return false;
    }
    byte[] end = ends[candidate];
    if (end == null) {
      return true;
    }
    return Arrays.compareUnsigned(key, end) < 0
        && !isOpen(rangeEnd)
        && Arrays.compareUnsigned(rangeEnd, end) <= 0;
  }

  /** Whether all those keys are in it, looking once for each interval and not for each key. */
  boolean cover(KeySet keys) {
    byte[] next = keys.ceiling(FIRST);
    while (next != null) {
      int candidate = lastBeginAtOrBefore(next);
      if (candidate < 0) {
        return false;
      }
      byte[] end = ends[candidate];
      if (end != null && Arrays.compareUnsigned(next, end) >= 0) {
        return false;
      }
      next = end == null ? null : keys.ceiling(end);
    }
    return true;
  }

  private int lastBeginAtOrBefore(byte[] key) {
    int low = 0;
    int high = begins.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(begins[middle], key) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /** Whether an end is at or above a bound; null is above everything. */
  private static boolean reaches(byte[] end, byte[] bound) {
    return end == null || (bound != null && Arrays.compareUnsigned(end, bound) >= 0);
  }

  private static boolean isOpen(byte[] rangeEnd) {
    return rangeEnd.length == 1 && rangeEnd[0] == 0;
  }
}
