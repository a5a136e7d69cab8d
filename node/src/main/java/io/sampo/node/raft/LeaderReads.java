package io.sampo.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.sampo.node.raft.core.ReadIndexQueue;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.MessageType;
import java.util.ArrayDeque;
import java.util.Deque;

/** Answers reads once a majority has confirmed that this member still leads (thesis 6.4). */
final class LeaderReads {

  private record Read(long from, Entry context) {}

  private final RaftContext context;
  private final Replication replication;
  private final ReadIndexQueue<Read> queue;

  /** Came before an entry of our term was committed: until then our commit index may be too low. */
  private final Deque<Read> early = new ArrayDeque<>();

  LeaderReads(RaftContext context, Replication replication) {
    this.context = context;
    this.replication = replication;
    this.queue = new ReadIndexQueue<>(context.settings.limits().maxPendingReads());
  }

  /** Too many reads: the newest is forgotten, its member asks again. */
  void add(long from, Entry readContext, boolean settled) {
    Read read = new Read(from, readContext);
    if (settled) {
      confirm(read);
    } else if (early.size() < context.settings.limits().maxPendingReads()) {
      early.add(read);
    }
  }

  void onFirstCommit(boolean settled) {
    while (settled && !early.isEmpty()) {
      confirm(early.removeFirst());
    }
  }

  private void confirm(Read read) {
    if (context.isOnlyVoter()) {
      answer(read, context.feed.commit());
    } else if (queue.add(read, context.feed.commit())) {
      broadcastHeartbeats();
    }
  }

  /** A heartbeat asks for the confirmation of the newest read, and with it of all earlier ones. */
  void broadcastHeartbeats() {
    replication.broadcastHeartbeats(UnsafeByteOperations.unsafeWrap(queue.heartbeatContext()));
  }

  void onEcho(long from, ByteString echoed) {
    if (echoed.isEmpty() || queue.isEmpty()) {
      return;
    }
    queue
        .acknowledge(from, echoed.toByteArray(), context.id(), context.membership().quorum())
        .forEach(confirmed -> answer(confirmed.request(), confirmed.index()));
  }

  private void answer(Read read, long index) {
    if (read.from() == context.id()) {
      context.reads.complete(read.context().getData(), index);
    } else {
      context.send(
          context
              .message(MessageType.MsgReadIndexResp, read.from())
              .setIndex(index)
              .addEntries(read.context()));
    }
  }
}
