package io.sampo.tests.sim.check;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftSettings;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.LogTail;
import io.sampo.node.raft.core.Membership;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.persistence.log.LogState;
import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.HashMap;
import java.util.Map;

/** Whom each member's Raft counts: the membership that is in effect there. */
public final class Memberships implements Observer {
  private record InEffect(long index, Membership membership) {}

  private final Map<SimMember, InEffect> memberships = new HashMap<>();

  Membership of(SimMember member) {
    return memberships.get(member).membership();
  }

  @Override
  public void onRecovered(SimMember member, LogState log) {
    RaftSettings settings = member.restored().raft();
    RaftSettings.Restored restored = settings.restored();
    Membership membership = Membership.of(restored.membership());
    if (restored.index() == 0) {
      LogTail tail =
          log.lastIndex() == 0
              ? new LogTail(LogPosition.ZERO, settings.bootstrap())
              : new LogTail(new LogPosition(log.prefixTerm(), log.prefixIndex()), log.entries());
      membership = MembershipChange.afterBootstrap(membership, tail);
    }
    memberships.put(member, new InEffect(restored.index(), membership));
  }

  @Override
  public void onRaftTold(SimMember member, RaftCommand command) {
    if (command instanceof RaftCommand.ConfChangeApplied applied) {
      now(member, applied.index(), Membership.of(applied.membership()));
    } else if (command instanceof RaftCommand.SnapshotInstalled installed) {
      now(member, installed.index(), Membership.of(installed.membership()));
    }
  }

  private void now(SimMember member, long index, Membership membership) {
    if (index > memberships.get(member).index()) {
      memberships.put(member, new InEffect(index, membership));
    }
  }
}
