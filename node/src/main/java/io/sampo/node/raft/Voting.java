package io.sampo.node.raft;

import io.sampo.node.raft.core.VoteRule;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;

/** Answers who asks for a vote (Raft paper 5.2 and 5.4.1; pre-votes: thesis 9.6). */
final class Voting {
  private Voting() {}

  /**
   * Grants or rejects; the answer leaves once the vote is durable.
   *
   * @return whether it is granted
   */
  static boolean answer(RaftContext context, Message request) {
    boolean preVote = request.getType() == MessageType.MsgPreVote;
    long candidate = request.getFrom();
    Message.Builder answer =
        context.message(preVote ? MessageType.MsgPreVoteResp : MessageType.MsgVoteResp, candidate);
    VoteRule.Voter voter =
        new VoteRule.Voter(context.term(), context.vote(), context.leader(), context.tail.last());
    if (!context.environment.rules().votes().grants(voter, VoteRule.Request.of(request))) {
      context.promise(answer.setReject(true));
      return false;
    }
    if (!preVote && context.vote() == 0) {
      context.enter(context.term(), candidate);
    }
    // The grant of a pre-vote carries the term that was asked for, which is not yet ours.
    context.promise(answer.setTerm(request.getTerm()));
    return true;
  }
}
