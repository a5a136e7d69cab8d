package io.sampo.node.raft.core;

/**
 * Names one entry for good: two logs that hold an entry of the same term and index agree on
 * everything up to it (log matching, Raft paper 5.3). An index alone names nothing, because entries
 * that are not committed can be replaced.
 */
public record LogPosition(long term, long index) {
  public static final LogPosition ZERO = new LogPosition(0, 0);

  /** Whether a log that ends here may lead one that ends at {@code other} (Raft paper 5.4.1). */
  public boolean isUpToDateWith(LogPosition other) {
    return term > other.term || (term == other.term && index >= other.index);
  }
}
