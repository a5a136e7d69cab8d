package io.sampo.node.kv;

import io.sampo.node.failpoint.Failpoint;
import io.sampo.node.state.mvcc.RangeStreamChunks;
import java.util.Iterator;

/**
 * The chunks of a stream whose reader may read on as long as users and roles stay as they are; etcd
 * tells it at the end only.
 *
 * @param confirm throws when they have changed
 * @param metrics in which each chunk counts as a range
 */
record ConfirmedChunks(RangeStreamChunks chunks, Runnable confirm, RangeMetrics metrics)
    implements Iterator<RangeStreamChunks.Chunk> {
  @Override
  public boolean hasNext() {
    confirm.run();
    return chunks.hasNext();
  }

  @Override
  public RangeStreamChunks.Chunk next() {
    Failpoint.BEFORE_RANGE_STREAM_CHUNK.reached();
    long begin = metrics.begin();
    RangeStreamChunks.Chunk chunk = chunks.next();
    metrics.end(begin, true);
    return chunk;
  }
}
