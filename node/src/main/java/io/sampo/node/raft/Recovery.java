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
 * @param durableIndex the last entry that need not be written any more
 * @param membershipIndex the entry up to which the membership is in effect
 * @param isBootstrap whether the entries are a new cluster's first and must be written
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
    boolean replacesLog) {

  static Recovery of(RaftSettings settings, LogState log) {
    RaftSettings.Restored restored = settings.restored();
    boolean fresh = log.lastIndex() == 0 && log.hardState().term() == 0 && restored.index() == 0;
    if (fresh && !settings.bootstrap().isEmpty()) {
      return bootstrap(settings.bootstrap());
    }
    LogTail tail = new LogTail(new LogPosition(log.prefixTerm(), log.prefixIndex()), log.entries());
    Invariants.check(
        log.hardState().term() >= tail.lastTerm(),
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
        log.hardState(),
        tail.lastIndex(),
        commit,
        restored.index(),
        membership,
        Math.max(restored.index(), bootstrapEnd),
        false,
        replaces);
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
        false);
  }
}
