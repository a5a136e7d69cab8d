package io.sampo.node.raft;

import com.google.protobuf.ByteString;
import io.sampo.node.raft.RaftEnvironment.SnapshotToInstall;
import io.sampo.node.raft.core.AppendRule;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.Membership;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.node.raft.core.SnapshotRule;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.protocol.raftpb.SnapshotMetadata;
import java.time.Duration;
import java.util.List;

/**
 * Takes what a leader sends, and campaigns when it has not heard one for an election time (Raft
 * paper 5.2 and 5.3).
 */
class Follower extends Role {
  /** After it has met the others, for so long it may hear of a leader. */
  private static final int PATIENCE_TICKS = 2;

  /** The snapshot that the state machine restores at the moment; null if none. */
  private Message installing;

  /** Up to where the leader of this term has been told that our log matches its own. */
  private long acknowledged;

  /** From the moment the leader was known to be gone until we campaign. */
  private Duration campaignDelay = Duration.ZERO;

  Follower(RaftContext context, long leader) {
    this(context, leader, RoleName.FOLLOWER);
  }

  Follower(RaftContext context, long leader, RoleName name) {
    super(context, name);
    hears(leader);
  }

  /** Follower or Learner, as the membership says. */
  static Follower of(RaftContext context, long leader) {
    return context.membership().isLearner(context.id())
        ? new Learner(context, leader)
        : new Follower(context, leader);
  }

  /** Without a leader; campaigns after the delay if nobody leads by then. */
  static Follower waiting(RaftContext context, Duration delay) {
    Follower follower = of(context, 0);
    follower.campaignDelay = delay;
    follower.startCampaignTimer();
    return follower;
  }

  // ---- the leader ----

  @Override
  final Role onAppend(Message append) {
    hears(append.getFrom());
    AppendRule.Outcome outcome =
        context.environment.rules().appends().decide(append, context.feed.commit(), context.tail);
    Message.Builder answer = context.message(MessageType.MsgAppResp, append.getFrom());
    if (outcome instanceof AppendRule.Match match) {
      context.replaceWith(match);
      if (!onlyCommits(append, match)) {
        acknowledged = match.lastNew();
        context.promise(answer.setIndex(acknowledged));
      }
      context.commitTo(match.commit());
    } else if (outcome instanceof AppendRule.Behind behind) {
      context.promise(answer.setIndex(behind.commit()));
    } else if (outcome instanceof AppendRule.Mismatch mismatch) {
      LogPosition hint = mismatch.hint();
      context.promise(
          answer
              .setIndex(append.getIndex())
              .setReject(true)
              .setRejectHint(hint.index())
              .setLogTerm(hint.term()));
    }
    return this;
  }

  /**
   * A message that says no more than that what we have acknowledged is committed needs no answer:
   * after every write of a quiet cluster that would be one from each follower. One that says
   * nothing at all is answered, as the leader may ask because the acknowledgement was lost.
   */
  private boolean onlyCommits(Message append, AppendRule.Match match) {
    return append.getEntriesCount() == 0
        && match.lastNew() == acknowledged
        && match.commit() > context.feed.commit();
  }

  @Override
  final Role onHeartbeat(Message heartbeat) {
    hears(heartbeat.getFrom());
    context.commitTo(heartbeat.getCommit());
    context.send(
        context
            .message(MessageType.MsgHeartbeatResp, heartbeat.getFrom())
            .setContext(heartbeat.getContext()));
    return this;
  }

  private void hears(long leader) {
    electionElapsed = 0;
    if (context.leader() == leader) {
      return;
    }
    context.leaderIs(leader);
    if (leader != 0) {
      context.logger().info("follows {} in term {}", Long.toHexString(leader), context.term());
      context.reads.contexts().forEach(this::askForIndex);
      forwardHeld();
    }
  }

  // ---- snapshots ----

  @Override
  final Role onSnapshot(Message message) {
    hears(message.getFrom());
    SnapshotMetadata snapshot = message.getSnapshot().getMetadata();
    SnapshotRule.Outcome outcome =
        // Not meant for a cluster with us in it (etcd-io/raft's defence in depth).
        Membership.of(snapshot.getConfState()).contains(context.id())
            ? context.judge(new LogPosition(snapshot.getTerm(), snapshot.getIndex()))
            : SnapshotRule.Outcome.OLD;
    if (outcome == SnapshotRule.Outcome.REPLACES) {
      if (installing == null) {
        context.logger().info("restores the leader's snapshot of entry {}", snapshot.getIndex());
        installing = message;
        context.environment.installer().accept(new SnapshotToInstall(message.getSnapshot()));
      }
      return this;
    }
    if (outcome == SnapshotRule.Outcome.HELD) {
      context.commitTo(snapshot.getIndex());
    }
    context.promise(
        context.message(MessageType.MsgAppResp, message.getFrom()).setIndex(context.feed.commit()));
    return this;
  }

  @Override
  final Role onSnapshotInstalled(RaftCommand.SnapshotInstalled snapshot) {
    Message cause = installing;
    installing = null;
    Message answer =
        cause == null
            ? null
            : context
                .message(MessageType.MsgAppResp, cause.getFrom())
                .setIndex(snapshot.index())
                .build();
    if (!context.installed(snapshot, answer) && cause != null) {
      context.promise(
          context.message(MessageType.MsgAppResp, cause.getFrom()).setIndex(context.feed.commit()));
    }
    return onMembership();
  }

  // ---- elections ----

  @Override
  final Role onTick() {
    if (electionElapsed < randomizedElectionTicks) {
      return this;
    }
    electionElapsed = 0;
    Role next = onElectionTimeout();
    if (next == this) {
      // Who cannot campaign, as a joiner before its own addition, must not shield a leader that is
      // gone from those who can.
      context.leaderIs(0);
    }
    return next;
  }

  Role onElectionTimeout() {
    return campaign(
        context.settings.preVote() ? Candidate.Campaign.PRE_VOTE : Candidate.Campaign.VOTE);
  }

  @Override
  final Role onCampaign() {
    return context.leader() == 0 ? onElectionTimeout() : this;
  }

  /**
   * A leader whose process is gone need not be waited for. To be wrong costs no more than a moment
   * without a leader: whoever still hears it does not even answer a pre-vote. Without pre-vote a
   * wrong hint would depose it, so then the election time has to pass.
   */
  @Override
  final Role onPeerGone(long peer) {
    if (peer != context.leader() || !context.settings.preVote()) {
      return this;
    }
    context.logger().info("the leader {} has gone", Long.toHexString(peer));
    context.leaderIs(0);
    campaignDelay = campaignDelay(peer);
    startCampaignTimer();
    return this;
  }

  /**
   * Voters notice at the same moment. If all campaigned at once none would win, so they do it in
   * the order of their ids, a heartbeat interval apart, which is what an election takes.
   */
  private Duration campaignDelay(long gone) {
    long before =
        context.membership().voters().stream()
            .filter(id -> id != gone && Long.compareUnsigned(id, context.id()) < 0)
            .count();
    return context.settings.tick().multipliedBy(before);
  }

  private void startCampaignTimer() {
    context.timers.startSingleTimer(CAMPAIGN_TIMER, RaftCommand.Signal.CAMPAIGN, campaignDelay);
  }

  /** Whoever asks before our turn has come gets as much time again: two would split the votes. */
  @Override
  final void onGrant() {
    if (context.timers.isTimerActive(CAMPAIGN_TIMER)) {
      startCampaignTimer();
    }
  }

  @Override
  final Role onTimeoutNow(Message order) {
    // The leader has chosen us, so nobody needs to be asked whether it is gone.
    return campaign(Candidate.Campaign.TRANSFER);
  }

  private Role campaign(Candidate.Campaign campaign) {
    boolean able =
        (context.membership().isVoter(context.id()) || mayBeVoter())
            && installing == null
            && !context.writes.isStuck()
            && !context.hasUnappliedChange();
    return able ? Candidate.begin(context, campaign) : this;
  }

  /**
   * The others may count on us although we do not know it: what is committed is not stored. Whoever
   * elects us is a majority of the members as they were before the last change, and those have one
   * in common with every majority after it.
   */
  final boolean mayBeVoter() {
    return MembershipChange.mayMakeVoter(context.tail, context.feed.commit(), context.id());
  }

  @Override
  final Role onApplied(RaftCommand.Applied applied) {
    super.onApplied(applied);
    // Alone there is nobody to wait for, except for what the log says about the membership.
    return context.isOnlyVoter() && context.leader() == 0 ? onElectionTimeout() : this;
  }

  /**
   * A leader that is there gets the time of two heartbeats. Then members ask in the order of their
   * ids, as when a leader has gone: at random, members that start together lose up to an election
   * time. Without pre-vote to ask in vain would depose a leader, so then it is as in etcd.
   */
  @Override
  final Role onPeersConnected() {
    if (!context.settings.initialElectionTickAdvance() || context.leader() != 0) {
      return this;
    }
    if (!context.settings.preVote()) {
      electionElapsed =
          Math.max(electionElapsed, context.settings.electionTicks() - PATIENCE_TICKS);
    } else if (!context.timers.isTimerActive(CAMPAIGN_TIMER)) {
      campaignDelay = campaignDelay(0).plus(context.settings.tick().multipliedBy(PATIENCE_TICKS));
      startCampaignTimer();
    }
    return this;
  }

  @Override
  final Role onMembership() {
    boolean learner = context.membership().isLearner(context.id());
    return learner == (context.role() == RoleName.LEARNER) ? this : of(context, context.leader());
  }

  // ---- what belongs to the leader goes there ----

  @Override
  final void propose(Entry entry) {
    super.propose(entry);
    if (context.held.fillsMessage()) {
      forwardHeld();
    } else {
      context.requestFlush();
    }
  }

  @Override
  final void onCollected() {
    forwardHeld();
  }

  /** What came in one moment travels in one message: the leader reads it with one wake-up. */
  private void forwardHeld() {
    if (context.leader() == 0) {
      return;
    }
    List<Entry> entries = context.held.takeMessage();
    while (!entries.isEmpty()) {
      context.environment.metrics().proposalsForwarded.add(entries.size());
      context.forward(MessageType.MsgProp, entries);
      entries = context.held.takeMessage();
    }
  }

  @Override
  final void askForIndex(ByteString read) {
    if (context.leader() != 0) {
      context.forward(MessageType.MsgReadIndex, List.of(RaftContext.readEntry(read)));
    }
  }

  @Override
  final Role onReadAnswer(Message answer) {
    if (answer.getEntriesCount() == 1) {
      context.reads.complete(answer.getEntries(0).getData(), answer.getIndex());
    }
    return this;
  }
}
