package io.sampo.tests.sim.check;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftSettings;
import io.sampo.node.raft.core.Membership;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
      membership =
          ofNewCluster(membership, log.lastIndex() == 0 ? settings.bootstrap() : log.entries());
    }
    memberships.put(member, new InEffect(restored.index(), membership));
  }

  /**
   * A new cluster's first entries are those of term 1: each adds a voter and is in effect at once.
   * Counted here anew, so that the check does not believe the rule that it checks.
   */
  private static Membership ofNewCluster(Membership before, List<Entry> log) {
    Set<Long> voters = new HashSet<>(before.voters());
    for (Entry entry : log) {
      if (entry.getTerm() != 1) {
        break;
      }
      if (entry.getType() != EntryType.EntryNormal) {
        voters.add(addedBy(entry));
      }
    }
    return new Membership(voters, before.learners());
  }

  private static long addedBy(Entry entry) {
    try {
      ConfChange change = ConfChange.parseFrom(entry.getData());
      if (change.getType() == ConfChangeType.ConfChangeAddNode) {
        return change.getNodeId();
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("a new cluster begins with more than voters: " + entry);
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
