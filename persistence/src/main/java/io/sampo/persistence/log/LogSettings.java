package io.sampo.persistence.log;

import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * The bounds of the log.
 *
 * @param catchUpEntries how many entries before a snapshot are kept for slow followers (etcd's
 *     {@code --snapshot-catchup-entries}), at least 0
 * @param catchUpBytes the most bytes those entries may have together, at least 0
 * @param reclaimBytes events are deleted from the journal once at least so many bytes of entries
 *     would go with them; 0 deletes at every compaction
 * @param historyExpected true when this member is known to have written before: an empty journal is
 *     then a lost one
 * @param journal how to name the journal in an error, normally its directory
 * @param freeBytes the space left on the journal's disk, asked before each write
 */
public record LogSettings(
    long catchUpEntries,
    long catchUpBytes,
    long reclaimBytes,
    boolean historyExpected,
    String journal,
    LongSupplier freeBytes) {

  public static final long DEFAULT_CATCH_UP_ENTRIES = 5_000;
  public static final long DEFAULT_CATCH_UP_BYTES = 64L << 20;
  public static final long DEFAULT_RECLAIM_BYTES = 16L << 20;

  public LogSettings {
    if (catchUpEntries < 0 || catchUpBytes < 0 || reclaimBytes < 0) {
      throw new IllegalArgumentException("a bound of the log is negative");
    }
    Objects.requireNonNull(journal);
    Objects.requireNonNull(freeBytes);
  }

  /** etcd 3.7's bounds, and a disk without end. */
  public static LogSettings defaults(String journal) {
    return new LogSettings(
        DEFAULT_CATCH_UP_ENTRIES,
        DEFAULT_CATCH_UP_BYTES,
        DEFAULT_RECLAIM_BYTES,
        false,
        journal,
        () -> Long.MAX_VALUE);
  }

  public LogSettings withCatchUpEntries(long entries) {
    return new LogSettings(
        entries, catchUpBytes, reclaimBytes, historyExpected, journal, freeBytes);
  }

  public LogSettings withCatchUpBytes(long bytes) {
    return new LogSettings(
        catchUpEntries, bytes, reclaimBytes, historyExpected, journal, freeBytes);
  }

  public LogSettings withReclaimBytes(long bytes) {
    return new LogSettings(
        catchUpEntries, catchUpBytes, bytes, historyExpected, journal, freeBytes);
  }

  public LogSettings withHistoryExpected(boolean expected) {
    return new LogSettings(
        catchUpEntries, catchUpBytes, reclaimBytes, expected, journal, freeBytes);
  }

  public LogSettings withFreeBytes(LongSupplier supplier) {
    return new LogSettings(
        catchUpEntries, catchUpBytes, reclaimBytes, historyExpected, journal, supplier);
  }
}
