package io.sampo.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.TransferReply.Outcome;
import io.sampo.node.raft.core.Invariants;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.node.raft.core.Progress;
import io.sampo.node.raft.core.ProposalBudget;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.protocol.raftpb.Message;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Appends, replicates and commits (Raft paper 5.3 and 5.4). What it knows of the others is in
 * {@link Replication}.
 */
final class Leader extends Role {
  private final Replication replication;
  private final LeaderReads reads;
  private final LeadershipTransfer transfer;
  private final ProposalBudget budget;

  /** The empty entry that opens the term: once it is committed, everything before it is. */
  private final long firstIndexOfTerm;

  /** No membership change may be proposed before this entry is applied. */
  private long pendingChangeIndex;

  Leader(RaftContext context) {
    super(context, RoleName.LEADER);
    RaftLimits limits = context.settings.limits();
    budget = new ProposalBudget(limits.maxUncommittedEntries(), limits.maxUncommittedBytes());
    // Some entry of an earlier leader may be a change; waiting for all of them costs little.
    pendingChangeIndex = context.tail.lastIndex();
    replication = new Replication(context);
    reads = new LeaderReads(context, replication);
    transfer = new LeadershipTransfer(context, replication);
    firstIndexOfTerm = context.tail.lastIndex() + 1;
    context.logger().info("leads in term {}", context.term());
    context.leaderIs(context.id());
    context.environment.metrics().leadingBegun();
    append(EntryType.EntryNormal, ByteString.EMPTY);
    replication.broadcastAppends(true);
    context.held.takeAll().forEach(this::propose);
    context.reads.contexts().forEach(this::askForIndex);
  }

  // ---- proposals ----

  @Override
  Role onProposeInTerm(RaftCommand.ProposeInTerm proposal) {
    if (proposal.term() != context.term() || transfer.isUnderWay()) {
      return super.onProposeInTerm(proposal);
    }
    take(EntryType.EntryNormal, UnsafeByteOperations.unsafeWrap(proposal.data()));
    return this;
  }

  /** While it hands over, nothing may be added that its successor does not have. */
  @Override
  void propose(Entry entry) {
    if (transfer.isUnderWay()) {
      super.propose(entry);
    } else {
      take(entry.getType(), entry.getData());
    }
  }

  private void take(EntryType type, ByteString data) {
    if (type == EntryType.EntryNormal) {
      appendOrDrop(type, data);
    } else {
      takeChange(Entry.newBuilder().setType(type).setData(data).build());
    }
  }

  private void takeChange(Entry change) {
    if (!context
        .environment
        .rules()
        .changes()
        .mayPropose(pendingChangeIndex, context.feed.applied())) {
      if (pendingChangeIndex < firstIndexOfTerm) {
        // No change is in flight for certain, and what was before us will soon be applied.
        context.held.add(change);
        return;
      }
      context
          .logger()
          .info("refuses a membership change: entry {} is not applied", pendingChangeIndex);
      append(EntryType.EntryNormal, ByteString.EMPTY);
    } else if (!leavesToSuccessor(change) && appendOrDrop(change.getType(), change.getData())) {
      pendingChangeIndex = context.tail.lastIndex();
    }
  }

  /**
   * Whoever is to be removed lets another lead first, who then takes the removal: afterwards nobody
   * would listen to it any more, and the others would have to find out by waiting.
   */
  private boolean leavesToSuccessor(Entry change) {
    if (!MembershipChange.removes(change, context.id())) {
      return false;
    }
    long successor = transfer.seekSuccessor();
    if (successor == 0) {
      return false;
    }
    context.held.add(change);
    startTransfer(successor);
    return true;
  }

  private boolean appendOrDrop(EntryType type, ByteString data) {
    boolean taken = append(type, data);
    if (!taken) {
      context.environment.metrics().proposalsDroppedByOverload.increment();
    }
    return taken;
  }

  private boolean append(EntryType type, ByteString data) {
    if (!budget.take(data.size())) {
      return false;
    }
    Entry.Builder entry =
        Entry.newBuilder()
            .setTerm(context.term())
            .setIndex(context.tail.lastIndex() + 1)
            .setData(data);
    if (type != EntryType.EntryNormal) {
      entry.setType(type);
    }
    context.tail.append(entry.build());
    context.requestFlush();
    return true;
  }

  @Override
  void onCollected() {
    replication.broadcastAppends(false);
  }

  // ---- commit ----

  @Override
  void onDurable() {
    advanceCommit();
  }

  /** Returns whether more is committed; then everybody was told. */
  private boolean advanceCommit() {
    long before = context.feed.commit();
    long commit =
        context
            .environment
            .rules()
            .commits()
            .commitIndex(
                before,
                context.term(),
                context.membership().quorum(),
                replication::matchOf,
                context.tail);
    if (commit == before) {
      return false;
    }
    context.commitTo(commit);
    long firstOwn = Math.max(before + 1, firstIndexOfTerm);
    budget.release(context.tail.slice(firstOwn, commit));
    reads.onFirstCommit(isSettled());
    replication.broadcastAppends(true);
    return true;
  }

  /** Whether an entry of our own term is committed: only then is our commit index the cluster's. */
  private boolean isSettled() {
    return context.feed.commit() >= firstIndexOfTerm;
  }

  @Override
  Role onApplied(RaftCommand.Applied applied) {
    super.onApplied(applied);
    if (context.feed.applied() >= firstIndexOfTerm) {
      context.announceLeadership();
    }
    if (!transfer.isUnderWay() && context.feed.applied() >= pendingChangeIndex) {
      context.held.takeAll().forEach(this::propose);
    }
    return this;
  }

  // ---- answers ----

  @Override
  Role onAppendAnswer(Message answer) {
    Progress progress = replication.progressOf(answer.getFrom());
    if (progress == null) {
      return this;
    }
    progress.heardFrom();
    if (answer.getReject()) {
      replication.onRejection(progress, answer);
    } else if (replication.onMatch(progress, answer)) {
      if (!advanceCommit() && progress.canRaiseCommit(context.feed.commit())) {
        replication.sendAppend(answer.getFrom(), true);
      }
      replication.sendAllAppends(answer.getFrom());
      transfer.finishIfReady(answer.getFrom());
    }
    return this;
  }

  @Override
  Role onHeartbeatAnswer(Message answer) {
    Progress progress = replication.progressOf(answer.getFrom());
    if (progress == null) {
      return this;
    }
    progress.heardFrom();
    replication.onAlive(answer.getFrom(), progress);
    reads.onEcho(answer.getFrom(), answer.getContext());
    return this;
  }

  @Override
  Role onPeerUnreachable(RaftCommand.PeerUnreachable unreachable) {
    replication.onUnreachable(unreachable.peer());
    return this;
  }

  @Override
  Role onPeerGone(long peer) {
    replication.onUnreachable(peer);
    return this;
  }

  @Override
  Role onSnapshotSent(RaftCommand.SnapshotSent sent) {
    replication.onSnapshotSent(sent);
    return this;
  }

  // ---- time ----

  @Override
  Role onTick() {
    if (context.writes.isStuck() && !context.isOnlyVoter()) {
      context
          .logger()
          .error("the disk does not finish a write: gives up leading term {}", context.term());
      return follow(context.term(), 0);
    }
    if (electionElapsed >= context.settings.electionTicks()) {
      electionElapsed = 0;
      stopTransfer();
      if (!replication.quorumIsActive()) {
        context.logger().warn("no quorum was heard for an election time: gives up leading");
        return follow(context.term(), 0);
      }
    }
    reads.broadcastHeartbeats();
    context
        .environment
        .metrics()
        .heartbeatsSent(context.membership().all().filter(id -> id != context.id()));
    return this;
  }

  // ---- reads ----

  @Override
  void askForIndex(ByteString read) {
    reads.add(context.id(), RaftContext.readEntry(read), isSettled());
  }

  @Override
  void askAgain(ByteString read) {
    // It is in the queue, and every heartbeat asks for its confirmation.
  }

  @Override
  Role onForwardedRead(Message read) {
    if (read.getEntriesCount() == 1) {
      reads.add(read.getFrom(), read.getEntries(0), isSettled());
    }
    return this;
  }

  // ---- leadership transfer (thesis 3.10) ----

  @Override
  Role onTransferLeadership(long to, ReplyTo<TransferReply> replyTo) {
    if (!context.membership().isVoter(to)) {
      replyTo.tell(new TransferReply(to, Outcome.BAD_TRANSFEREE));
    } else if (to == context.id()) {
      replyTo.tell(new TransferReply(to, Outcome.DONE));
    } else {
      context.transfer.await(to, replyTo);
      startTransfer(to);
    }
    return this;
  }

  @Override
  Role onHandOver(List<Long> candidates, ReplyTo<TransferReply> replyTo) {
    return onTransferLeadership(replication.mostUpToDate(candidates), replyTo);
  }

  /** Here the sender field names the one who is to take over (etcd-io/raft). */
  @Override
  Role onForwardedTransfer(Message transfer) {
    long to = transfer.getFrom();
    if (context.membership().isVoter(to) && to != context.id()) {
      startTransfer(to);
    }
    return this;
  }

  private void startTransfer(long to) {
    if (to != transfer.transferee()) {
      electionElapsed = 0;
      transfer.start(to);
    }
  }

  private void stopTransfer() {
    if (transfer.isUnderWay()) {
      transfer.stop();
      context.transfer.finish(Outcome.FAILED);
      context.held.takeAll().forEach(this::propose);
    }
  }

  // ---- membership ----

  @Override
  Map<Long, Long> matches() {
    return context.membership().all().collect(Collectors.toMap(id -> id, replication::matchOf));
  }

  @Override
  Role onMembership() {
    replication.onMembership();
    if (!advanceCommit()) {
      replication.broadcastAppends(false);
    }
    if (!context.membership().isVoter(transfer.transferee())) {
      stopTransfer();
    }
    if (!context.membership().isVoter(context.id())) {
      context.logger().info("is no voter any more: gives up leading");
      return follow(context.term(), 0);
    }
    return this;
  }

  // ---- what only another leader of this term could send ----

  @Override
  Role onAppend(Message append) {
    return secondLeader(append);
  }

  @Override
  Role onHeartbeat(Message heartbeat) {
    return secondLeader(heartbeat);
  }

  @Override
  Role onSnapshot(Message snapshot) {
    return secondLeader(snapshot);
  }

  private Role secondLeader(Message message) {
    Invariants.check(false, "%x leads in our own term %d", message.getFrom(), message.getTerm());
    return this;
  }
}
