package io.sampo.node.raft;

import com.google.protobuf.ByteString;
import io.sampo.node.raft.core.Quorum;
import io.sampo.node.raft.core.TermRule;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.TreeSet;

/**
 * Asks for votes (Raft paper 5.2), normally after it has asked whether it would get them (pre-vote,
 * thesis 9.6): a member that was cut off must not raise the others' term when it comes back.
 */
final class Candidate extends Role {

  /** Why and how it campaigns. */
  enum Campaign {
    /** Would you vote for me? Changes no term, here or there. */
    PRE_VOTE,
    /** A real election. */
    VOTE,
    /** A real election that the leader has asked for: it overrules leader stickiness. */
    TRANSFER
  }

  /** How often a pre-vote is asked for again, evenly within the first tick. */
  private static final int REPEATS = 3;

  /** For so long an earlier one may try: an election takes less than a tick. */
  private static final int YIELDED_TICKS = 2;

  private final Campaign campaign;
  private int repeats;
  private final TreeSet<Long> granted = new TreeSet<>();
  private final TreeSet<Long> rejected = new TreeSet<>();

  private Candidate(RaftContext context, Campaign campaign) {
    super(context, RoleName.CANDIDATE);
    this.campaign = campaign;
    context.leaderIs(0);
    if (campaign == Campaign.PRE_VOTE) {
      granted.add(context.id());
      requestVotes(MessageType.MsgPreVote, context.term() + 1);
      askAgainSoon();
    } else {
      context.enter(context.term() + 1, context.id());
      // Our own vote counts when it is durable, and nobody hears of the term before: a member that
      // forgets its term could
      // lead in it twice.
      context.promise(context.message(MessageType.MsgVoteResp, context.id()));
      requestVotes(MessageType.MsgVote, context.term());
    }
    context.logger().info("campaigns ({}) in term {}", campaign, context.term());
  }

  static Role begin(RaftContext context, Campaign campaign) {
    boolean nobodyToAsk = campaign == Campaign.PRE_VOTE && context.isOnlyVoter();
    return new Candidate(context, nobodyToAsk ? Campaign.VOTE : campaign);
  }

  private void requestVotes(MessageType type, long term) {
    for (long voter : context.membership().voters()) {
      if (voter == context.id() || granted.contains(voter) || rejected.contains(voter)) {
        continue;
      }
      Message.Builder request =
          context
              .message(type, voter)
              .setTerm(term)
              .setLogTerm(context.tail.lastTerm())
              .setIndex(context.tail.lastIndex());
      if (campaign == Campaign.TRANSFER) {
        request.setContext(TermRule.CAMPAIGN_TRANSFER);
      }
      if (campaign == Campaign.PRE_VOTE) {
        context.send(request);
      } else {
        context.promise(request);
      }
    }
  }

  private void askAgainSoon() {
    context.timers.startSingleTimer(
        CAMPAIGN_TIMER,
        RaftCommand.Signal.CAMPAIGN,
        context.settings.tick().dividedBy(REPEATS + 1));
  }

  /**
   * Who still heard the leader when we asked has ignored us, and may have noticed since that it is
   * gone. To ask again changes nothing anywhere.
   */
  @Override
  Role onCampaign() {
    if (campaign == Campaign.PRE_VOTE && repeats < REPEATS) {
      repeats++;
      requestVotes(MessageType.MsgPreVote, context.term() + 1);
      askAgainSoon();
    }
    return this;
  }

  /** Who asked before anybody could hear it asks again. */
  @Override
  Role onPeersConnected() {
    repeats = 0;
    return onCampaign();
  }

  @Override
  Role onVote(Message vote) {
    MessageType expected =
        campaign == Campaign.PRE_VOTE ? MessageType.MsgPreVoteResp : MessageType.MsgVoteResp;
    if (vote.getType() != expected) {
      return this;
    }
    if (!granted.contains(vote.getFrom()) && !rejected.contains(vote.getFrom())) {
      (vote.getReject() ? rejected : granted).add(vote.getFrom());
    }
    Quorum.Result result = context.membership().quorum().tally(granted, rejected);
    return switch (result) {
      case WON ->
          campaign == Campaign.PRE_VOTE ? begin(context, Campaign.VOTE) : new Leader(context);
      case LOST -> follow(context.term(), 0);
      case PENDING -> this;
    };
  }

  /**
   * Two that ask at the same time would both be told yes, then each vote for itself, and the
   * election time would have to pass. What they ask reaches each before the other's answer does, so
   * the later in line steps back in time.
   */
  @Override
  Role yieldTo(long candidate) {
    boolean earlier = Long.compareUnsigned(candidate, context.id()) < 0;
    if (campaign != Campaign.PRE_VOTE || !earlier) {
      return this;
    }
    return Follower.waiting(context, context.settings.tick().multipliedBy(YIELDED_TICKS));
  }

  @Override
  Role onTick() {
    if (electionElapsed < randomizedElectionTicks) {
      return this;
    }
    return follow(context.term(), 0).onElectionTimeout();
  }

  @Override
  Role onMembership() {
    return context.membership().isVoter(context.id()) ? this : follow(context.term(), 0);
  }

  // ---- somebody else has won this term ----

  @Override
  Role onAppend(Message append) {
    return follow(context.term(), append.getFrom()).onAppend(append);
  }

  @Override
  Role onHeartbeat(Message heartbeat) {
    return follow(context.term(), heartbeat.getFrom()).onHeartbeat(heartbeat);
  }

  @Override
  Role onSnapshot(Message snapshot) {
    return follow(context.term(), snapshot.getFrom()).onSnapshot(snapshot);
  }

  // ---- without a leader ----

  @Override
  void askForIndex(ByteString read) {
    // It waits in the context for whoever wins.
  }
}
