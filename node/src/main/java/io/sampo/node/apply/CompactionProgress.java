package io.sampo.node.apply;

import io.sampo.node.state.StateMachine;
import java.util.function.LongSupplier;

/** The compaction under way, if there is one, as its metrics tell of it. The applier's alone. */
final class CompactionProgress {
  private final ApplyMetrics metrics;
  private final LongSupplier nanoTime;
  private boolean underWay;
  private boolean counts;
  private long begunNanos;
  private long pauseNanos;
  private long versionsBefore;

  CompactionProgress(ApplyMetrics metrics, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  /**
   * An entry was applied.
   *
   * @param first whether it asks for a compaction and the log did not hold it at the start: such a
   *     compaction counts
   */
  void asked(boolean first) {
    counts |= first;
  }

  /**
   * A compaction is due.
   *
   * @return false if one is under way, of which this is part then
   */
  boolean begin(StateMachine machine) {
    if (underWay) {
      return false;
    }
    underWay = true;
    begunNanos = nanoTime.getAsLong();
    pauseNanos = 0;
    versionsBefore = machine.versionsCompacted();
    return true;
  }

  /**
   * Another state is compacted from now on: what was removed from the one before counts no more.
   */
  void replaced(StateMachine machine) {
    versionsBefore = machine.versionsCompacted();
  }

  /** A slice of it was done, which held up applies for so long. */
  void slice(long nanos) {
    if (counts) {
      pauseNanos += nanos;
      metrics.compactionSlice(nanos);
    }
  }

  /** That was the last. */
  void end(StateMachine machine) {
    underWay = false;
    if (counts) {
      metrics.compacted(
          machine.view().compactRevision(),
          machine.versionsCompacted() - versionsBefore,
          pauseNanos,
          nanoTime.getAsLong() - begunNanos);
      counts = false;
    }
  }
}
