package io.sampo.node.raft;

import com.google.protobuf.ByteString;
import io.sampo.node.failpoint.Failpoint;
import io.sampo.node.raft.core.AppendRule;
import io.sampo.node.raft.core.Invariants;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.LogTail;
import io.sampo.node.raft.core.Membership;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.node.raft.core.SnapshotRule;
import io.sampo.node.raft.core.TailRetention;
import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.LogCommand;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;

/** What every role needs; made once, when the log is recovered, and passed on from role to role. */
final class RaftContext {
  final RaftSettings settings;
  final RaftEnvironment environment;
  final ActorContext<RaftCommand> actor;
  final TimerScheduler<RaftCommand> timers;
  final ActorRef<LogCommand> log;
  final LogTail tail;
  final GroupCommit writes;
  final CommitFeed feed;
  final PendingReads reads;
  final PendingTransfer transfer;
  final HeldProposals held;

  private final TailRetention retention;
  private HardState hardState;
  private Membership membership;
  private long membershipIndex;
  private long leader;
  private RoleName role;
  private boolean announced;
  private boolean flushRequested;

  RaftContext(
      RaftSettings settings,
      RaftEnvironment environment,
      ActorContext<RaftCommand> actor,
      TimerScheduler<RaftCommand> timers,
      ActorRef<LogCommand> log,
      Recovery recovery) {
    this.settings = settings;
    this.environment = environment;
    this.actor = actor;
    this.timers = timers;
    this.log = log;
    this.tail = recovery.tail();
    this.hardState = recovery.hardState();
    this.membership = recovery.membership();
    this.membershipIndex = recovery.membershipIndex();
    RaftLimits limits = settings.limits();
    this.writes =
        new GroupCommit(
            tail,
            log,
            limits,
            this::release,
            environment.metrics(),
            environment.logBegun(),
            recovery.durableIndex());
    this.retention = new TailRetention(tail, settings.catchUpEntries());
    this.feed = new CommitFeed(tail, environment.applier(), recovery.commit(), recovery.applied());
    this.reads = new PendingReads(limits, environment.metrics(), environment.random().nextLong());
    this.transfer = new PendingTransfer(2 * settings.electionTicks());
    this.held = new HeldProposals(limits, environment.metrics());
    this.role = RoleName.FOLLOWER;
  }

  long id() {
    return settings.memberId();
  }

  Logger logger() {
    return actor.getLog();
  }

  // ---- term, vote, leader, role ----

  long term() {
    return hardState.term();
  }

  long vote() {
    return hardState.vote();
  }

  long leader() {
    return leader;
  }

  RoleName role() {
    return role;
  }

  /**
   * Enters a term, or votes in it; durable before anything that {@link #promise} says from now on.
   */
  void enter(long term, long vote) {
    Invariants.check(term >= term(), "term %d after %d", term, term());
    Invariants.check(
        term > term() || vote() == 0 || vote == vote(), "vote for %x after %x", vote, vote());
    hardState = new HardState(term, vote);
    writes.hardStateChanged(hardState);
    requestFlush();
    publishStatus();
  }

  void becomes(RoleName newRole) {
    role = newRole;
    publishStatus();
  }

  /**
   * Who leads in this term, 0 if unknown. Reads that waited for another leader's answer have
   * failed.
   */
  void leaderIs(long newLeader) {
    if (newLeader == leader) {
      return;
    }
    Invariants.check(
        leader == 0 || newLeader == 0, "%x leads in the term of %x", newLeader, leader);
    if (leader != 0) {
      reads.failAll();
    }
    if (announced && newLeader != id()) {
      announced = false;
      environment.leadership().accept(new LeadershipChange(false, term()));
    }
    leader = newLeader;
    if (newLeader != 0) {
      environment.metrics().leaderChanged();
    }
    publishStatus();
    if (newLeader != id()) {
      transfer.onLeader(newLeader);
    }
  }

  /** The first entry of our own term is applied. */
  void announceLeadership() {
    if (!announced) {
      announced = true;
      environment.leadership().accept(new LeadershipChange(true, term()));
    }
  }

  // ---- membership ----

  Membership membership() {
    return membership;
  }

  boolean isOnlyVoter() {
    return membership.isOnlyVoter(id());
  }

  /** Returns false if a later membership is in effect already. */
  boolean membershipIs(long index, Membership newMembership) {
    if (index <= membershipIndex) {
      return false;
    }
    membershipIndex = index;
    membership = newMembership;
    return true;
  }

  /**
   * Whether a committed change is not in effect yet: whoever campaigns now might count the wrong
   * votes.
   */
  boolean hasUnappliedChange() {
    long inEffect = Math.max(feed.applied(), membershipIndex);
    return MembershipChange.isBetween(tail, inEffect, feed.commit());
  }

  // ---- messages ----

  /** A message to a peer in our term; type-specific fields are the caller's. */
  Message.Builder message(MessageType type, long to) {
    return Message.newBuilder().setType(type).setTo(to).setFrom(id()).setTerm(term());
  }

  /** Sends what promises nothing. */
  void send(Message.Builder message) {
    if (role == RoleName.LEADER) {
      Failpoint.RAFT_BEFORE_LEADER_SEND.reached();
    }
    environment.transport().send(message.build());
  }

  /** A promise that needs no write any more. This member's own vote comes back to it. */
  private void release(Message promise) {
    if (promise.getTo() == id()) {
      actor.getSelf().tell(new RaftCommand.Receive(promise));
    } else {
      sendPromise(promise);
    }
  }

  /** Sends what is durable by now. */
  void sendPromise(Message promise) {
    if (role != RoleName.LEADER) {
      Failpoint.RAFT_BEFORE_FOLLOWER_SEND.reached();
    }
    environment.transport().send(promise);
  }

  /** Sends what is only true once everything up to now is durable. */
  void promise(Message.Builder message) {
    writes.hold(message.build());
    requestFlush();
  }

  /** Proposals or a read on their way to the leader have no term (etcd-io/raft). */
  void forward(MessageType type, List<Entry> entries) {
    Message.Builder message =
        Message.newBuilder().setType(type).setTo(leader).setFrom(id()).addAllEntries(entries);
    environment.transport().send(message.build());
  }

  static Entry readEntry(ByteString context) {
    return Entry.newBuilder().setData(context).build();
  }

  // ---- log ----

  /** Has the collected writes go out once the mailbox is read up to here. */
  void requestFlush() {
    if (!flushRequested) {
      flushRequested = true;
      actor.getSelf().tell(RaftCommand.Signal.FLUSH);
    }
  }

  void onFlush() {
    flushRequested = false;
    writes.start();
  }

  /** Replaces what conflicts with a leader's entries (Raft paper 5.3). */
  void replaceWith(AppendRule.Match match) {
    if (match.fresh().isEmpty()) {
      return;
    }
    Invariants.check(role != RoleName.LEADER, "a leader never overwrites its log");
    long from = match.fresh().get(0).getIndex();
    if (from <= tail.lastIndex()) {
      Invariants.check(from > feed.commit(), "truncate from %d, committed %d", from, feed.commit());
      tail.truncateFrom(from);
      writes.truncatedFrom(from);
    }
    match.fresh().forEach(tail::append);
    requestFlush();
  }

  boolean commitTo(long index) {
    boolean news = feed.commitTo(index);
    if (news) {
      publishStatus();
      feed.feed(writes.durableIndex());
    }
    return news;
  }

  void appliedTo(long index) {
    if (feed.appliedTo(index)) {
      retention.appliedTo(index);
      publishStatus();
    }
  }

  void snapshotTaken(RaftCommand.SnapshotTaken snapshot) {
    Invariants.check(
        snapshot.index() <= feed.commit(),
        "snapshot %d, committed %d",
        snapshot.index(),
        feed.commit());
    tail.compactTo(snapshot.index() - settings.catchUpEntries());
    Failpoint.RAFT_BEFORE_WAL_SAVE_SNAPSHOT.reached();
    log.tell(new LogCommand.Compact(snapshot.index(), snapshot.term(), snapshot.membership()));
  }

  /** What a snapshot that ends with this entry would be to our log. */
  SnapshotRule.Outcome judge(LogPosition snapshot) {
    return environment.rules().snapshots().decide(snapshot, feed.commit(), tail);
  }

  /**
   * The state machine restored a leader's snapshot. Returns false if the log has gone past it
   * meanwhile.
   */
  boolean installed(RaftCommand.SnapshotInstalled snapshot, Message answer) {
    membershipIs(snapshot.index(), Membership.of(snapshot.membership()));
    LogPosition position = new LogPosition(snapshot.term(), snapshot.index());
    if (judge(position) != SnapshotRule.Outcome.REPLACES) {
      commitTo(snapshot.index());
      return false;
    }
    Failpoint.RAFT_BEFORE_APPLY_SNAP.reached();
    tail.reset(position);
    feed.installedTo(position.index());
    Failpoint.RAFT_AFTER_APPLY_SNAP.reached();
    writes.install(position, snapshot.membership(), answer);
    requestFlush();
    publishStatus();
    return true;
  }

  void publishStatus() {
    environment
        .statusPublisher()
        .accept(new RaftStatus(id(), term(), leader, role, feed.commit(), feed.applied()));
  }
}
