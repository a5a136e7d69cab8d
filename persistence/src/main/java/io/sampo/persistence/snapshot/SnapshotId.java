package io.sampo.persistence.snapshot;

/**
 * Names a snapshot by the last applied log entry it contains. Ordered by index, then term; both
 * compare as unsigned, as their hexadecimal file names do.
 */
public record SnapshotId(long term, long index) implements Comparable<SnapshotId> {
  @Override
  public int compareTo(SnapshotId other) {
    int byIndex = Long.compareUnsigned(index, other.index);
    return byIndex != 0 ? byIndex : Long.compareUnsigned(term, other.term);
  }
}
