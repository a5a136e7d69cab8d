package io.sampo.node.peer;

import io.sampo.node.state.membership.MemberIds;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Which messages from peers may reach Raft. etcd checks receiver and removed senders; the rest
 * keeps a broken or hostile peer from speaking for others or with a member's inner voice.
 */
final class MessageRules {
  /** etcd 3.7 reads eight bytes of a heartbeat's context, and dies if there are fewer. */
  private static final int READ_CONTEXT_BYTES = Long.BYTES;

  private final long localId;
  private final LongPredicate removed;

  MessageRules(long localId, LongPredicate removed) {
    this.localId = localId;
    this.removed = removed;
  }

  /**
   * Why the message is refused; empty if it may pass.
   *
   * @param peer whose connection it came on
   */
  Optional<String> refusal(long peer, Message message) {
    if (removed.test(message.getFrom())) {
      return Optional.of("cannot process message from removed member");
    }
    if (message.getTo() != localId) {
      return Optional.of("cannot process message to mismatch member");
    }
    if (!isPeerMessage(message.getType())) {
      return Optional.of("peers do not send " + message.getType());
    }
    if (message.getFrom() != peer && !mayBeForwarded(message.getType())) {
      return Optional.of(
          message.getType() + " of " + MemberIds.format(message.getFrom()) + " from another");
    }
    boolean heartbeat =
        message.getType() == MessageType.MsgHeartbeat
            || message.getType() == MessageType.MsgHeartbeatResp;
    int context = message.getContext().size();
    if (heartbeat && context > 0 && context < READ_CONTEXT_BYTES) {
      return Optional.of("a context of " + context + " bytes in a heartbeat");
    }
    return Optional.empty();
  }

  private static boolean isPeerMessage(MessageType type) {
    return switch (type) {
      case MsgProp,
          MsgApp,
          MsgAppResp,
          MsgVote,
          MsgVoteResp,
          MsgSnap,
          MsgHeartbeat,
          MsgHeartbeatResp,
          MsgTransferLeader,
          MsgTimeoutNow,
          MsgReadIndex,
          MsgReadIndexResp,
          MsgPreVote,
          MsgPreVoteResp ->
          true;
      default -> false;
    };
  }

  /**
   * Proposals and reads pass through whoever believed to lead, and a transfer names the transferee
   * as its sender (etcd-io/raft).
   */
  private static boolean mayBeForwarded(MessageType type) {
    return type == MessageType.MsgProp
        || type == MessageType.MsgReadIndex
        || type == MessageType.MsgTransferLeader;
  }
}
