package io.sampo.node.raft;

import io.sampo.node.raft.core.Invariants;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.LogTail;
import io.sampo.node.raft.core.Membership;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.raftpb.Entry;
import java.util.List;

/**
 * Where a member goes on from: its log and what its state machine has restored.
 *
 * @param hardState the log's, or the term of a snapshot that became durable before it
 * @param durableIndex the last entry that need not be written any more
 * @param membershipIndex the entry up to which the membership is in effect
 * @param isBootstrap whether the entries are a new cluster's first and must be written
 * @param raisesTerm whether the hard state is not the log's, and must be written
 * @param replacesLog whether the state machine is ahead of the log, which must start anew after it
 */
record Recovery(
    LogTail tail,
    HardState hardState,
    long durableIndex,
    long commit,
    long applied,
    Membership membership,
    long membershipIndex,
    boolean isBootstrap,
    boolean raisesTerm,
    boolean replacesLog) {

  static Recovery of(RaftSettings settings, LogState log) {
    RaftSettings.Restored restored = settings.restored();
    boolean fresh = log.lastIndex() == 0 && log.hardState().term() == 0 && restored.index() == 0;
    if (fresh && !settings.bootstrap().isEmpty()) {
      return bootstrap(settings.bootstrap());
    }
    LogTail tail = new LogTail(new LogPosition(log.prefixTerm(), log.prefixIndex()), log.entries());
    Invariants.check(
        log.entries().isEmpty() || log.hardState().term() >= tail.lastTerm(),
        "term %d, but the log ends in term %d",
        log.hardState().term(),
        tail.lastTerm());
    Invariants.check(
        restored.index() >= log.prefixIndex(),
        "the state is restored to %d, but the log begins after %d",
        restored.index(),
        log.prefixIndex());
    boolean replaces = !tail.holds(restored.term(), restored.index());
    if (replaces) {
      tail.reset(new LogPosition(restored.term(), restored.index()));
    }
    HardState hardState = atLeast(log.hardState(), tail.lastTerm());
    Membership membership = Membership.of(restored.membership());
    // A snapshot that was durable once was of committed entries, even if an older one is used now.
    long snapshot = Math.min(log.snapshotIndex(), tail.lastIndex());
    long commit =
        Math.max(Math.max(restored.index(), snapshot), MembershipChange.committedForCertain(tail));
    long bootstrapEnd = MembershipChange.bootstrapEnd(tail);
    if (restored.index() == 0) {
      membership = MembershipChange.afterBootstrap(membership, tail);
    }
    return new Recovery(
        tail,
        hardState,
        tail.lastIndex(),
        commit,
        restored.index(),
        membership,
        Math.max(restored.index(), bootstrapEnd),
        false,
        hardState != log.hardState(),
        replaces);
  }

  /**
   * A snapshot is a file of its own: it may be durable while the log's disk stands still with the
   * term of its sender. What was not durable was promised to nobody, so there is no vote to keep.
   */
  private static HardState atLeast(HardState logged, long snapshotTerm) {
    return logged.term() < snapshotTerm ? new HardState(snapshotTerm, 0) : logged;
  }

  /**
   * As etcd-io/raft bootstraps: the first entries are of term 1, committed and in effect from the
   * start.
   */
  private static Recovery bootstrap(List<Entry> entries) {
    for (Entry entry : entries) {
      Invariants.check(entry.getTerm() == 1, "bootstrap entries belong to term 1");
    }
    LogTail tail = new LogTail(LogPosition.ZERO, entries);
    Membership membership = MembershipChange.afterBootstrap(Membership.EMPTY, tail);
    return new Recovery(
        tail,
        new HardState(1, 0),
        0,
        tail.lastIndex(),
        0,
        membership,
        tail.lastIndex(),
        true,
        false,
        false);
  }
}
