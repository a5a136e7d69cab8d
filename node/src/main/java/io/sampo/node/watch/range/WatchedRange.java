package io.sampo.node.watch.range;

import io.sampo.protocol.key.KeyRange;
import java.util.Arrays;

/**
 * What a watcher asks for, in normal form: one key, an interval, or everything from a key on. A
 * single key has no end of its own, because most of a million watchers watch a single key.
 */
public final class WatchedRange implements Comparable<WatchedRange> {
  /** An end behind every key. */
  private static final byte[] OPEN = {};

  private static final byte[] SMALLEST_KEY = {0};

  private final byte[] start;

  /** Null for a single key. */
  private final byte[] end;

  private final int hash;

  private WatchedRange(byte[] start, byte[] end) {
    this.start = start;
    this.end = end;
    this.hash = 31 * Arrays.hashCode(start) + Arrays.hashCode(end);
  }

  /** A range as the create request gives it; an empty key stands for the smallest one. */
  public static WatchedRange of(byte[] key, byte[] rangeEnd) {
    byte[] start = key.length == 0 ? SMALLEST_KEY : key;
    if (rangeEnd.length == 0) {
      return single(start);
    }
    return new WatchedRange(start, KeyRange.isOpenEnd(rangeEnd) ? OPEN : rangeEnd);
  }

  public static WatchedRange single(byte[] key) {
    return new WatchedRange(key, null);
  }

  public boolean isSingle() {
    return end == null;
  }

  /** Whether no key can be in it. */
  public boolean isEmpty() {
    return end != null && end.length > 0 && Arrays.compareUnsigned(start, end) >= 0;
  }

  public byte[] start() {
    return start;
  }

  /** The end as {@link #endIsBehind} and {@link #laterEnd} take it; intervals only. */
  public byte[] end() {
    return end;
  }

  /** The end as a request gives it. */
  public byte[] requestEnd() {
    if (end == null) {
      return OPEN;
    }
    return end.length == 0 ? SMALLEST_KEY : end;
  }

  public boolean contains(byte[] key) {
    return end == null
        ? Arrays.equals(start, key)
        : Arrays.compareUnsigned(start, key) <= 0 && endIsBehind(end, key);
  }

  public static boolean endIsBehind(byte[] end, byte[] key) {
    return end.length == 0 || Arrays.compareUnsigned(key, end) < 0;
  }

  public static byte[] laterEnd(byte[] left, byte[] right) {
    return compareEnds(left, right) >= 0 ? left : right;
  }

  private static int compareEnds(byte[] left, byte[] right) {
    if (left.length == 0 || right.length == 0) {
      return Boolean.compare(left.length == 0, right.length == 0);
    }
    return Arrays.compareUnsigned(left, right);
  }

  /** By start, then by end; a single key comes before the intervals that start with it. */
  @Override
  public int compareTo(WatchedRange other) {
    int byStart = Arrays.compareUnsigned(start, other.start);
    if (byStart != 0) {
      return byStart;
    }
    if (end == null || other.end == null) {
      return Boolean.compare(end != null, other.end != null);
    }
    return compareEnds(end, other.end);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WatchedRange that
        && hash == that.hash
        && Arrays.equals(start, that.start)
        && Arrays.equals(end, that.end);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    String from = new String(start, java.nio.charset.StandardCharsets.UTF_8);
    if (end == null) {
      return from;
    }
    return "["
        + from
        + ", "
        + (end.length == 0 ? "…" : new String(end, java.nio.charset.StandardCharsets.UTF_8))
        + ")";
  }
}
