package io.sampo.node.peer;

import io.sampo.node.edge.Answers;
import io.sampo.node.peer.stream.MessageSink;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.state.membership.MemberIds;
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

  /** A member that was removed may say a little before it is told; nobody else says any. */
  private static final int MAX_REFUSED = 64;

  private final MessageRules rules;

  /**
   * Raft, once it is there.
   *
   * @param answers where its answers become futures
   */
  private record Bound(ActorRef<RaftCommand> raft, Answers answers) {}

  private volatile Bound bound;

  RaftInbox(MessageRules rules) {
    this.rules = rules;
  }

  void bind(ActorRef<RaftCommand> raft, Answers answers) {
    bound = new Bound(raft, answers);
  }

  /** Drops it before there is a Raft. */
  void tell(RaftCommand command) {
    Bound target = bound;
    if (target != null) {
      target.raft().tell(command);
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
      log(peer, message, refusal.get());
    } else {
      tell(new RaftCommand.Receive(message));
    }
    return refusal;
  }

  private static void log(long peer, Message message, String refusal) {
    LOG.atWarn()
        .addKeyValue("message-type", message.getType())
        .addKeyValue("remote-peer-id", MemberIds.format(peer))
        .addKeyValue("from", MemberIds.format(message.getFrom()))
        .addKeyValue("error", refusal)
        .log("failed to process Raft message");
  }

  /** Completed when Raft has handled what it was told before. */
  CompletableFuture<Void> handled() {
    Bound target = bound;
    return target == null
        ? CompletableFuture.completedFuture(null)
        : target.answers().ask(replyTo -> target.raft().tell(new RaftCommand.Fence(replyTo)));
  }

  /**
   * For the messages of one stream. A snapshot's message without its state is of no use. Of those
   * that are refused the first is logged; too many end the stream.
   */
  MessageSink streamOf(long peer, PeerMetrics.OfPeer metrics) {
    return new MessageSink() {
      private int refused;

      @Override
      public void accept(Message message) {
        Optional<String> refusal =
            message.getType() == MessageType.MsgSnap
                ? Optional.of("a snapshot without its state")
                : rules.refusal(peer, message);
        if (refusal.isEmpty()) {
          tell(new RaftCommand.Receive(message));
          return;
        }
        metrics.receiveFailed();
        if (refused++ == 0) {
          log(peer, message, refusal.get());
        }
      }

      @Override
      public boolean isHopeless() {
        return refused > MAX_REFUSED;
      }

      @Override
      public CompletableFuture<Void> handled() {
        return RaftInbox.this.handled();
      }
    };
  }
}
