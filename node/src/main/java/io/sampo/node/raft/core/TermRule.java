package io.sampo.node.raft.core;

import com.google.protobuf.ByteString;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;

/**
 * What a message's term means to whoever receives it (Raft paper 5.1, figure 2 "rules for all
 * servers"; leader stickiness: thesis 4.2.3; the term of pre-votes: etcd-io/raft).
 */
public final class TermRule {
  /**
   * The context of a vote request whose candidate the leader itself has chosen; the text is etcd's.
   */
  public static final ByteString CAMPAIGN_TRANSFER = ByteString.copyFromUtf8("CampaignTransfer");

  /** What follows from the term alone. */
  public enum Outcome {
    /** Carries no term: forwarded from a member that only passes on what was asked of it. */
    TERMLESS,
    /** From an earlier term: late, or from somebody who must learn of the new one. */
    LOWER,
    /** To be handled in the receiver's own term. */
    CURRENT,
    /** The receiver becomes a follower of the higher term first. */
    HIGHER,
    /** A candidate asks somebody who still hears a leader: not even answered. */
    SHIELDED
  }

  private TermRule() {}

  /**
   * @param ownTerm the receiver's
   * @param hearsLeader whether the receiver has heard a leader within the election time, or leads
   */
  public static Outcome judge(Message message, long ownTerm, boolean hearsLeader) {
    long term = message.getTerm();
    if (term == 0) {
      return Outcome.TERMLESS;
    }
    if (term < ownTerm) {
      return Outcome.LOWER;
    }
    if (term == ownTerm) {
      return Outcome.CURRENT;
    }
    if (hearsLeader && asksForVote(message) && !message.getContext().equals(CAMPAIGN_TRANSFER)) {
      return Outcome.SHIELDED;
    }
    return isAboutTheFuture(message) ? Outcome.CURRENT : Outcome.HIGHER;
  }

  private static boolean asksForVote(Message message) {
    return message.getType() == MessageType.MsgVote || message.getType() == MessageType.MsgPreVote;
  }

  /** Pre-votes and their grants carry the term that would follow; they change nobody's term. */
  private static boolean isAboutTheFuture(Message message) {
    return message.getType() == MessageType.MsgPreVote
        || (message.getType() == MessageType.MsgPreVoteResp && !message.getReject());
  }

  /** The leader of the message's term, 0 if it does not tell. */
  public static long leaderIn(Message message) {
    return switch (message.getType()) {
      case MsgApp, MsgHeartbeat, MsgSnap -> message.getFrom();
      default -> 0;
    };
  }
}
