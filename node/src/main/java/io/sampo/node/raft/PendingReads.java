package io.sampo.node.raft;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The local reads that wait for an index, oldest first. Each has an id of its own that is never
 * used twice.
 */
final class PendingReads {

  private static final class Read {
    final long requestId;
    final ActorRef<ReadIndexReply> replyTo;
    int age;

    Read(RaftCommand.ReadIndex command) {
      requestId = command.requestId();
      replyTo = command.replyTo();
    }
  }

  private final RaftLimits limits;
  private final RaftMetrics metrics;
  private final Map<Long, Read> reads = new LinkedHashMap<>();
  private long lastId;

  /**
   * @param firstId drawn anew at every start, so that an answer from before the start fits no read
   */
  PendingReads(RaftLimits limits, RaftMetrics metrics, long firstId) {
    this.limits = limits;
    this.metrics = metrics;
    this.lastId = firstId;
  }

  /**
   * Returns the context that names the read, or null if too many wait: then it has failed already.
   */
  ByteString add(RaftCommand.ReadIndex command) {
    Read read = new Read(command);
    if (reads.size() >= limits.maxPendingReads()) {
      fail(read);
      return null;
    }
    reads.put(++lastId, read);
    return context(lastId);
  }

  void complete(ByteString context, long index) {
    if (context.size() != Long.BYTES) {
      return;
    }
    Read read = reads.remove(context.asReadOnlyByteBuffer().getLong());
    if (read != null) {
      read.replyTo.tell(new ReadIndexReply.ReadState(read.requestId, index));
    }
  }

  void failAll() {
    reads.values().forEach(this::fail);
    reads.clear();
  }

  /** Gives up the reads that waited too long. Returns the contexts of those to ask for again. */
  List<ByteString> onTick() {
    List<ByteString> again = new ArrayList<>();
    for (Iterator<Map.Entry<Long, Read>> all = reads.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Long, Read> each = all.next();
      Read read = each.getValue();
      read.age++;
      if (read.age >= limits.requestTicks()) {
        all.remove();
        fail(read);
      } else if (read.age % limits.readRetryTicks() == 0) {
        again.add(context(each.getKey()));
      }
    }
    return again;
  }

  List<ByteString> contexts() {
    return reads.keySet().stream().map(PendingReads::context).toList();
  }

  private void fail(Read read) {
    metrics.readsFailed.increment();
    read.replyTo.tell(new ReadIndexReply.ReadFailed(read.requestId));
  }

  private static ByteString context(long id) {
    return ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(0, id));
  }
}
