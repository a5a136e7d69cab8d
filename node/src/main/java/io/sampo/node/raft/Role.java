package io.sampo.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.core.Membership;
import io.sampo.node.raft.core.TermRule;
import io.sampo.persistence.log.LogReply;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * What all roles have in common: the term rule (Raft paper, figure 2, "rules for all servers"),
 * voting, and the bookkeeping of writes. A transition is the role that a handler returns.
 */
abstract class Role extends AbstractBehavior<RaftCommand> {
  private static final String TICK_TIMER = "tick";

  /** Runs once, until the role ends. */
  static final String CAMPAIGN_TIMER = "campaign";

  final RaftContext context;

  /** Ticks since a leader was heard, or since this role began. */
  int electionElapsed;

  /**
   * Drawn for this role: between one and two election times, so that members do not campaign
   * together.
   */
  final int randomizedElectionTicks;

  Role(RaftContext context, RoleName name) {
    super(context.actor);
    this.context = context;
    RandomGenerator random = context.environment.random();
    int electionTicks = context.settings.electionTicks();
    randomizedElectionTicks = electionTicks + random.nextInt(electionTicks);
    context.timers.cancelAll();
    context.timers.startTimerWithFixedDelay(
        TICK_TIMER, RaftCommand.Signal.TICK, context.settings.tick());
    context.becomes(name);
  }

  @Override
  public final Receive<RaftCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(RaftCommand.Propose.class, this::onPropose)
        .onMessage(RaftCommand.ProposeInTerm.class, this::onProposeInTerm)
        .onMessage(RaftCommand.Applied.class, this::onApplied)
        .onMessage(RaftCommand.LogReplied.class, this::onLogReplied)
        .onMessageEquals(RaftCommand.Signal.FLUSH, this::onFlush)
        .onMessage(RaftCommand.Receive.class, received -> step(received.message()))
        .onMessage(RaftCommand.ReadIndex.class, this::onReadIndex)
        .onMessageEquals(RaftCommand.Signal.TICK, this::onSharedTick)
        .onMessageEquals(RaftCommand.Signal.CAMPAIGN, this::onCampaign)
        .onMessage(RaftCommand.ProposeConfChange.class, this::onProposeConfChange)
        .onMessage(RaftCommand.ConfChangeApplied.class, this::onConfChangeApplied)
        .onMessage(RaftCommand.SnapshotTaken.class, this::onSnapshotTaken)
        .onMessage(RaftCommand.SnapshotInstalled.class, this::onSnapshotInstalled)
        .onMessage(
            RaftCommand.TransferLeadership.class,
            transfer -> onTransferLeadership(transfer.to(), transfer.replyTo()))
        .onMessage(
            RaftCommand.HandOver.class,
            handOver -> onHandOver(handOver.candidates(), handOver.replyTo()))
        .onMessage(RaftCommand.PeerUnreachable.class, this::onPeerUnreachable)
        .onMessage(RaftCommand.PeerGone.class, gone -> onPeerGone(gone.peer()))
        .onMessage(RaftCommand.SnapshotSent.class, this::onSnapshotSent)
        .onMessage(RaftCommand.PeersConnected.class, connected -> onPeersConnected())
        .onMessage(RaftCommand.Fence.class, this::onFence)
        .onMessage(RaftCommand.AskMatches.class, this::onAskMatches)
        .onSignal(ChildFailed.class, RaftActor::onLogFailed)
        .build();
  }

  // ---- the term rule ----

  final Role step(Message message) {
    return switch (TermRule.judge(message, context.term(), hearsLeader())) {
      case TERMLESS -> onTermless(message);
      case LOWER -> onLowerTerm(message);
      case CURRENT -> onMessage(message);
      case HIGHER -> onHigherTerm(message);
      case SHIELDED -> this;
    };
  }

  private boolean hearsLeader() {
    return context.leader() != 0 && electionElapsed < context.settings.electionTicks();
  }

  private Role onHigherTerm(Message message) {
    context
        .logger()
        .info(
            "{} from {} has term {}, ours is {}",
            message.getType(),
            Long.toHexString(message.getFrom()),
            message.getTerm(),
            context.term());
    return follow(message.getTerm(), TermRule.leaderIn(message)).onMessage(message);
  }

  /**
   * An old leader must learn of the new term, a pre-candidate too; anything else is late and has no
   * effect.
   */
  private Role onLowerTerm(Message message) {
    switch (message.getType()) {
      case MsgApp, MsgHeartbeat ->
          context.promise(context.message(MessageType.MsgAppResp, message.getFrom()));
      case MsgPreVote ->
          context.promise(
              context.message(MessageType.MsgPreVoteResp, message.getFrom()).setReject(true));
      default -> {}
    }
    return this;
  }

  private Role onTermless(Message message) {
    return switch (message.getType()) {
      case MsgProp -> onForwardedProposal(message);
      case MsgReadIndex -> onForwardedRead(message);
      default -> dropped();
    };
  }

  final Role onMessage(Message message) {
    return switch (message.getType()) {
      case MsgVote, MsgPreVote -> onVoteRequest(message);
      case MsgVoteResp, MsgPreVoteResp -> onVote(message);
      case MsgApp -> onAppend(message);
      case MsgAppResp -> onAppendAnswer(message);
      case MsgHeartbeat -> onHeartbeat(message);
      case MsgHeartbeatResp -> onHeartbeatAnswer(message);
      case MsgSnap -> onSnapshot(message);
      case MsgReadIndexResp -> onReadAnswer(message);
      case MsgTimeoutNow -> onTimeoutNow(message);
      case MsgTransferLeader -> onForwardedTransfer(message);
      default -> dropped();
    };
  }

  private Role dropped() {
    context.environment.metrics().messagesDropped.increment();
    return this;
  }

  /** The role of a member that does not lead and does not campaign. */
  final Follower follow(long term, long leader) {
    if (term > context.term()) {
      context.leaderIs(0);
      context.enter(term, 0);
    }
    return Follower.of(context, leader);
  }

  // ---- votes ----

  private Role onVoteRequest(Message request) {
    if (!Voting.answer(context, request)) {
      return this;
    }
    onGrant();
    if (request.getType() == MessageType.MsgPreVote) {
      return yieldTo(request.getFrom());
    }
    electionElapsed = 0;
    return this;
  }

  /** Somebody who asked for a vote, or whether it would get one, is told yes. */
  void onGrant() {}

  /** Somebody who has asked whether it would be elected would get our vote. */
  Role yieldTo(long candidate) {
    return this;
  }

  // ---- writes ----

  private Role onLogReplied(RaftCommand.LogReplied replied) {
    LogReply.Flushed flushed = (LogReply.Flushed) replied.reply();
    context.writes.flushed(flushed);
    Role next = this;
    for (Message message : flushed.after()) {
      if (message.getTo() == context.id()) {
        next = next.step(message);
      } else {
        context.sendPromise(message);
      }
    }
    next.onDurable();
    context.feed.feed(context.writes.durableIndex());
    context.writes.start();
    return next;
  }

  private Role onFlush() {
    context.onFlush();
    onCollected();
    return this;
  }

  /** More of the log is durable. */
  void onDurable() {}

  /** The mailbox was read up to where the last flush was asked for. */
  void onCollected() {}

  // ---- time ----

  private Role onSharedTick() {
    context.environment.metrics().ticked();
    electionElapsed++;
    context.writes.onTick();
    context.transfer.onTick();
    context.held.onTick();
    context.reads.onTick().forEach(this::askAgain);
    return onTick();
  }

  abstract Role onTick();

  // ---- what the state machine tells ----

  Role onApplied(RaftCommand.Applied applied) {
    context.appliedTo(applied.index());
    return this;
  }

  private Role onConfChangeApplied(RaftCommand.ConfChangeApplied applied) {
    if (!context.membershipIs(applied.index(), Membership.of(applied.membership()))) {
      return this;
    }
    context.logger().info("membership is {} from entry {}", context.membership(), applied.index());
    return onMembership();
  }

  /** The membership has changed. */
  abstract Role onMembership();

  private Role onSnapshotTaken(RaftCommand.SnapshotTaken snapshot) {
    context.snapshotTaken(snapshot);
    return this;
  }

  Role onSnapshotInstalled(RaftCommand.SnapshotInstalled snapshot) {
    context.installed(snapshot, null);
    return onMembership();
  }

  // ---- what clients ask ----

  private Role onPropose(RaftCommand.Propose proposal) {
    propose(Entry.newBuilder().setData(UnsafeByteOperations.unsafeWrap(proposal.data())).build());
    return this;
  }

  private Role onProposeConfChange(RaftCommand.ProposeConfChange proposal) {
    propose(
        Entry.newBuilder()
            .setType(EntryType.EntryConfChange)
            .setData(proposal.change().toByteString())
            .build());
    return this;
  }

  /** Only a leader takes it. */
  Role onProposeInTerm(RaftCommand.ProposeInTerm proposal) {
    context.environment.metrics().proposalsDroppedWithoutLeader.increment();
    return this;
  }

  /** Takes an entry of which type and data are given to the leader, or holds it until one leads. */
  void propose(Entry entry) {
    context.held.add(entry);
  }

  private Role onReadIndex(RaftCommand.ReadIndex command) {
    ByteString read = context.reads.add(command);
    if (read != null) {
      askForIndex(read);
    }
    return this;
  }

  /** Asks whoever leads; if nobody does, the read waits until somebody does. */
  abstract void askForIndex(ByteString read);

  /** Nobody has answered this read for a while: the question or the answer may be lost. */
  void askAgain(ByteString read) {
    askForIndex(read);
  }

  Role onTransferLeadership(long to, ReplyTo<TransferReply> replyTo) {
    replyTo.tell(new TransferReply(to, TransferReply.Outcome.NOT_LEADER));
    return this;
  }

  Role onHandOver(List<Long> candidates, ReplyTo<TransferReply> replyTo) {
    return onTransferLeadership(0, replyTo);
  }

  // ---- messages and signals that only some roles care for ----

  Role onCampaign() {
    return this;
  }

  private Role onFence(RaftCommand.Fence fence) {
    fence.replyTo().tell(null);
    return this;
  }

  private Role onAskMatches(RaftCommand.AskMatches question) {
    question.replyTo().tell(matches());
    return this;
  }

  /** Only a leader knows. */
  Map<Long, Long> matches() {
    return Map.of();
  }

  Role onPeersConnected() {
    return this;
  }

  Role onPeerGone(long peer) {
    return this;
  }

  Role onPeerUnreachable(RaftCommand.PeerUnreachable unreachable) {
    return this;
  }

  Role onSnapshotSent(RaftCommand.SnapshotSent sent) {
    return this;
  }

  abstract Role onAppend(Message append);

  abstract Role onHeartbeat(Message heartbeat);

  abstract Role onSnapshot(Message snapshot);

  Role onVote(Message vote) {
    return this;
  }

  Role onAppendAnswer(Message answer) {
    return this;
  }

  Role onHeartbeatAnswer(Message answer) {
    return this;
  }

  private Role onForwardedProposal(Message proposal) {
    proposal.getEntriesList().forEach(this::propose);
    return this;
  }

  Role onForwardedRead(Message read) {
    return this;
  }

  Role onForwardedTransfer(Message transfer) {
    return this;
  }

  Role onReadAnswer(Message answer) {
    return this;
  }

  Role onTimeoutNow(Message order) {
    return this;
  }
}
