package io.sampo.protocol.key;

import java.util.Arrays;
import java.util.Objects;

/**
 * A range of keys in unsigned byte order, half open. {@code end} is null for a range that runs to
 * the end of the key space, so a single key and "everything" need no case of their own.
 *
 * @param start the first key in the range
 * @param end the first key behind the range, or null for no bound
 */
public record KeyRange(byte[] start, byte[] end) {
  private static final byte[] ZERO = {0};

  public KeyRange {
    Objects.requireNonNull(start);
  }

  /**
   * Reads a range as etcd's requests give it: an empty {@code rangeEnd} means the key alone, a
   * single zero byte means every key from {@code key} on. An end at or before the key is an empty
   * range, which is no error.
   */
  public static KeyRange of(byte[] key, byte[] rangeEnd) {
    if (rangeEnd.length == 0) {
      return single(key);
    }
    return new KeyRange(key, isOpenEnd(rangeEnd) ? null : rangeEnd);
  }

  /** The range of one key: up to its immediate successor. */
  public static KeyRange single(byte[] key) {
    return new KeyRange(key, Arrays.copyOf(key, key.length + 1));
  }

  /** Whether this range end is etcd's mark for "to the end of the key space". */
  public static boolean isOpenEnd(byte[] rangeEnd) {
    return Arrays.equals(rangeEnd, ZERO);
  }

  /** What of this range is behind the key, which is not before its start. */
  public KeyRange behind(byte[] key) {
    return new KeyRange(Arrays.copyOf(key, key.length + 1), end);
  }

  public boolean contains(byte[] key) {
    return compare(start, key) <= 0 && (end == null || compare(key, end) < 0);
  }

  public boolean isEmpty() {
    return end != null && compare(start, end) >= 0;
  }

  /** The order of all keys: byte by byte, unsigned, a prefix before what it begins. */
  public static int compare(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyRange that
        && Arrays.equals(start, that.start)
        && Arrays.equals(end, that.end);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(start) + Arrays.hashCode(end);
  }
}
