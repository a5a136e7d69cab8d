package io.sampo.node.kv;

import io.sampo.node.failpoint.Failpoint;
import io.sampo.node.state.mvcc.RangeStreamChunks;
import java.util.Iterator;

/**
 * The chunks of a stream whose reader may read on as long as users and roles stay as they are; etcd
 * tells it at the end only.
 *
 * @param confirm throws when they have changed
 */
record ConfirmedChunks(RangeStreamChunks chunks, Runnable confirm)
    implements Iterator<RangeStreamChunks.Chunk> {
  @Override
  public boolean hasNext() {
    confirm.run();
    return chunks.hasNext();
  }

  @Override
  public RangeStreamChunks.Chunk next() {
    Failpoint.BEFORE_RANGE_STREAM_CHUNK.reached();
    return chunks.next();
  }
}
