package io.sampo.node.peer;

import io.sampo.node.peer.stream.MessageSink;
import io.sampo.node.raft.RaftCommand;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of received messages to Raft: checked, then told. For any thread. */
final class RaftInbox {
  private static final Logger LOG = LoggerFactory.getLogger(RaftInbox.class);

  private final MessageRules rules;
  private volatile ActorRef<RaftCommand> raft;

  RaftInbox(MessageRules rules) {
    this.rules = rules;
  }

  void bind(ActorRef<RaftCommand> newRaft) {
    raft = newRaft;
  }

  /** Drops it before there is a Raft. */
  void tell(RaftCommand command) {
    ActorRef<RaftCommand> target = raft;
    if (target != null) {
      target.tell(command);
    }
  }

  /** As if the message had come on its sender's own connection. */
  Optional<String> refusal(Message message) {
    return rules.refusal(message.getFrom(), message);
  }

  /** Returns why the message was refused; empty if Raft was told. */
  Optional<String> accept(long peer, Message message) {
    Optional<String> refusal = rules.refusal(peer, message);
    if (refusal.isPresent()) {
      LOG.atWarn()
          .addKeyValue("message-type", message.getType())
          .addKeyValue("remote-peer-id", MemberIds.format(peer))
          .addKeyValue("from", MemberIds.format(message.getFrom()))
          .addKeyValue("error", refusal.get())
          .log("failed to process Raft message");
      return refusal;
    }
    tell(new RaftCommand.Receive(message));
    return refusal;
  }

  /** Completed when Raft has handled what it was told before. */
  CompletableFuture<Void> handled() {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    if (raft == null) {
      passed.complete(null);
    } else {
      tell(new RaftCommand.Fence(passed));
    }
    return passed;
  }

  /** For the messages of one stream. A snapshot's message without its state is of no use. */
  MessageSink streamOf(long peer, PeerMetrics.OfPeer metrics) {
    return new MessageSink() {
      @Override
      public void accept(Message message) {
        boolean taken =
            message.getType() != MessageType.MsgSnap
                && RaftInbox.this.accept(peer, message).isEmpty();
        if (!taken) {
          metrics.receiveFailed();
        }
      }

      @Override
      public CompletableFuture<Void> handled() {
        return RaftInbox.this.handled();
      }
    };
  }
}
