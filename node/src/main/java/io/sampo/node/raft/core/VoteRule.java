package io.sampo.node.raft.core;

import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;

/**
 * Whether a vote may be given (Raft paper 5.2 and 5.4.1; pre-votes: thesis 9.6, as etcd-io/raft
 * does them).
 */
public final class VoteRule {
  private VoteRule() {}

  /** What the voter knows. {@code vote} and {@code leader} are 0 when there is none. */
  public record Voter(long term, long vote, long leader, LogPosition last) {}

  /** What is asked for. A pre-vote asks for the term the candidate would campaign in. */
  public record Request(long candidate, long term, boolean preVote, LogPosition last) {
    public static Request of(Message request) {
      return new Request(
          request.getFrom(),
          request.getTerm(),
          request.getType() == MessageType.MsgPreVote,
          new LogPosition(request.getLogTerm(), request.getIndex()));
    }
  }

  /** The request's term is at least the voter's; lower ones are answered by the term rule. */
  public static boolean grants(Voter voter, Request request) {
    boolean repeated = voter.vote() == request.candidate();
    boolean free = voter.vote() == 0 && voter.leader() == 0;
    boolean futurePreVote = request.preVote() && request.term() > voter.term();
    return (repeated || free || futurePreVote) && request.last().isUpToDateWith(voter.last());
  }
}
