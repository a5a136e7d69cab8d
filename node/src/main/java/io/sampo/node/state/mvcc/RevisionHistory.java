package io.sampo.node.state.mvcc;

/**
 * Every version whose main revision is at or above {@link #firstRevision}, in the order they were
 * written (main, then sub revision). It is an immutable window on chunks that it shares with its
 * predecessors and successors: the writer only ever fills places behind the end of every window
 * that it has handed out.
 */
public final class RevisionHistory {
  static final int CHUNK_SHIFT = 10;
  static final int CHUNK_SIZE = 1 << CHUNK_SHIFT;

  private final KeyVersion[][] chunks;
  private final int start;
  private final int size;
  private final long firstRevision;

  /**
   * @param start the offset of the first version in the first chunk
   * @param firstRevision nothing at or above it is missing
   */
  RevisionHistory(KeyVersion[][] chunks, int start, int size, long firstRevision) {
    this.chunks = chunks;
    this.start = start;
    this.size = size;
    this.firstRevision = firstRevision;
  }

  /** How many versions there are. */
  public int size() {
    return size;
  }

  /**
   * The version at the position, counted from 0.
   *
   * @throws IndexOutOfBoundsException outside of 0 to size − 1
   */
  public KeyVersion at(int position) {
    if (position < 0 || position >= size) {
      throw new IndexOutOfBoundsException("position " + position + " of " + size);
    }
    int place = start + position;
    return chunks[place >>> CHUNK_SHIFT][place & CHUNK_SIZE - 1];
  }

  /** The first position whose main revision is at or above the given one; size if there is none. */
  public int positionOf(long revision) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).modRevision() < revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The main revision from which on every version is here. Older ones may linger at the head until
   * the compaction has come by.
   */
  public long firstRevision() {
    return firstRevision;
  }
}
