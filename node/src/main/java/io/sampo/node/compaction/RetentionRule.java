package io.sampo.node.compaction;

import java.time.Duration;
import java.util.OptionalLong;

/** When to look at the store, and which revision to compact to then. Not thread-safe. */
public interface RetentionRule {
  /** The span between two looks. */
  Duration interval();

  /** What to compact to, now that {@code interval} has passed; empty for not yet. */
  OptionalLong due(long nowNanos, long currentRevision);

  /** The compaction to that revision succeeded, or had been done by somebody else. */
  void compacted(long nowNanos, long revision);
}
