package io.sampo.node.apply;

import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.CompactionStarted;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;

/** Told of what is applied, for metrics and for the log of slow applies. Called for each entry. */
public interface ApplyListener {
  /** An entry was applied, which took this long. */
  void applied(InternalRaftRequest request, ApplyResult result, long nanos);

  /** A batch was made visible to readers, which took this long. */
  void published(long nanos);

  /** A slice of a compaction was done. */
  void compactionSlice(long nanos);

  /** A compaction took effect; its hash is to be computed, but not on this thread. */
  void compactionStarted(CompactionStarted compaction);

  /** A compaction is complete. */
  void compacted(long revision, long nanos);
}
