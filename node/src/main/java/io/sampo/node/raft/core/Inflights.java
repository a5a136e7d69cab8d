package io.sampo.node.raft.core;

/**
 * The window of appends that were sent to one follower and not answered yet: a ring of their last
 * indexes.
 */
public final class Inflights {
  private final long[] lastIndexes;
  private int start;
  private int count;

  public Inflights(int capacity) {
    Invariants.check(capacity > 0, "the in-flight window must not be empty");
    lastIndexes = new long[capacity];
  }

  public boolean isFull() {
    return count == lastIndexes.length;
  }

  public int count() {
    return count;
  }

  public void add(long lastIndex) {
    Invariants.check(!isFull(), "the in-flight window is full");
    lastIndexes[(start + count) % lastIndexes.length] = lastIndex;
    count++;
  }

  /** Frees every append whose last index is at most this one. */
  public void freeUpTo(long index) {
    while (count > 0 && lastIndexes[start] <= index) {
      start = (start + 1) % lastIndexes.length;
      count--;
    }
  }

  public void clear() {
    start = 0;
    count = 0;
  }
}
