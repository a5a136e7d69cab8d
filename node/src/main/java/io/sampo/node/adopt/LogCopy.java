package io.sampo.node.adopt;

import io.sampo.persistence.etcd.EntryVisitor;
import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.LogSession;
import io.sampo.protocol.raftpb.Entry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;

/** Writes entries into a log, many of them at once, but never much memory full. */
final class LogCopy implements EntryVisitor {
  private static final int MAX_BATCH_ENTRIES = 1_000;
  private static final int MAX_BATCH_BYTES = 4 << 20;

  private final LogSession target;
  private final HardState hardState;
  private final long after;
  private final long upTo;
  private final List<Entry> batch = new ArrayList<>();
  private int batchBytes;
  private boolean written;

  /**
   * @param hardState written together with the first entries
   * @param after entries up to this index are left out
   * @param upTo entries beyond this index are left out
   */
  LogCopy(LogSession target, HardState hardState, long after, long upTo) {
    this.target = target;
    this.hardState = hardState;
    this.after = after;
    this.upTo = upTo;
  }

  @Override
  public void accept(Entry entry) throws IOException {
    if (entry.getIndex() <= after || entry.getIndex() > upTo) {
      return;
    }
    batch.add(entry);
    batchBytes += entry.getData().size();
    if (batch.size() == MAX_BATCH_ENTRIES || batchBytes >= MAX_BATCH_BYTES) {
      flush();
    }
  }

  /** Writes what is left, and the hard state even if there was no entry at all. */
  void finish() throws IOException {
    if (!batch.isEmpty() || !written) {
      flush();
    }
  }

  private void flush() throws IOException {
    try {
      target.persist(written ? null : hardState, batch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the log was written");
    }
    written = true;
    batch.clear();
    batchBytes = 0;
  }
}
