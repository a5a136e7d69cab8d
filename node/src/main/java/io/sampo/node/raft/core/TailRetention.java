package io.sampo.node.raft.core;

/**
 * How much of what is applied already stays in memory. Only followers a little behind still need
 * it, and one that is further behind gets a snapshot (etcd's {@code --snapshot-catchup-entries});
 * so memory does not grow until the next snapshot is due, which for a large state is late.
 */
public final class TailRetention {
  /** Bytes of applied entries that are worth keeping, at the most. */
  static final long MAX_BYTES = 64L << 20;

  /** Dropping moves what is left, so it is done for many entries at once. */
  static final long STEP = 1_000;

  private final LogTail tail;
  private final long catchUpEntries;
  private long measuredTo;
  private long bytes;

  /**
   * @param catchUpEntries applied entries to keep; up to twice as many and {@link #STEP} are kept
   *     for a while
   */
  public TailRetention(LogTail tail, long catchUpEntries) {
    this.tail = tail;
    this.catchUpEntries = catchUpEntries;
  }

  /** Everything up to here is applied. Amortised O(1) for each entry. */
  public void appliedTo(long index) {
    for (long at = Math.max(measuredTo + 1, tail.firstIndex()); at <= index; at++) {
      bytes += tail.entryAt(at).getSerializedSize();
    }
    measuredTo = Math.max(measuredTo, index);
    long held = index - tail.prefix().index();
    if (held > 2 * catchUpEntries + STEP || bytes > 2 * MAX_BYTES) {
      drop(index);
    }
  }

  private void drop(long applied) {
    long kept = 0;
    long last = applied;
    while (last > tail.prefix().index() && applied - last < catchUpEntries) {
      long size = tail.entryAt(last).getSerializedSize();
      if (kept + size > MAX_BYTES) {
        break;
      }
      kept += size;
      last--;
    }
    tail.compactTo(last);
    bytes = kept;
  }
}
