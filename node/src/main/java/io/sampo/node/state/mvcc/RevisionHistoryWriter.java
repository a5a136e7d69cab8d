package io.sampo.node.state.mvcc;

import java.util.Arrays;

/** The single writer of the history by revision: appends at its end, trims at its head. */
final class RevisionHistoryWriter {
  private KeyVersion[][] chunks = new KeyVersion[16][];
  private int start;
  private int size;
  private long firstRevision;

  RevisionHistoryWriter(long firstRevision) {
    this.firstRevision = firstRevision;
  }

  void append(KeyVersion version) {
    int place = start + size;
    int chunk = place >>> RevisionHistory.CHUNK_SHIFT;
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunks.length * 2);
    }
    if (chunks[chunk] == null) {
      chunks[chunk] = new KeyVersion[RevisionHistory.CHUNK_SIZE];
    }
    chunks[chunk][place & RevisionHistory.CHUNK_SIZE - 1] = version;
    size++;
  }

  /**
   * Drops the given number of versions at the head. The directory of chunks is copied, because
   * older windows still read the one they have.
   */
  void trim(int count, long newFirstRevision) {
    firstRevision = newFirstRevision;
    start += count;
    size -= count;
    int dropped = start >>> RevisionHistory.CHUNK_SHIFT;
    if (dropped > 0) {
      int used = (start + size + RevisionHistory.CHUNK_SIZE - 1) >>> RevisionHistory.CHUNK_SHIFT;
      int kept = Math.max(used - dropped, 0);
      chunks =
          Arrays.copyOf(
              Arrays.copyOfRange(chunks, dropped, dropped + kept), Math.max(16, kept * 2));
      start -= dropped << RevisionHistory.CHUNK_SHIFT;
    }
  }

  RevisionHistory freeze() {
    return new RevisionHistory(chunks, start, size, firstRevision);
  }
}
