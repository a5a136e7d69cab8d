package io.sampo.tests.sim.check;

import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.Quorum;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When a leader calls an entry committed, nobody who lacks it could be elected: whoever does has
 * less in its log than some member of every majority (Raft paper 5.4.3). It notices that an entry
 * can be lost, long before one is.
 */
public final class CommitIsSafe implements Check {
  private final Violations violations;
  private final DurableLogs logs;
  private final Memberships memberships;
  private final Map<SimMember, RaftStatus> leads = new HashMap<>();

  public CommitIsSafe(Violations violations, DurableLogs logs, Memberships memberships) {
    this.violations = violations;
    this.logs = logs;
    this.memberships = memberships;
  }

  @Override
  public void onEnded(SimMember member, String why) {
    leads.remove(member);
  }

  @Override
  public void onRaftStep(SimMember member) {
    RaftStatus status = member.status();
    if (status.role() != RoleName.LEADER) {
      leads.remove(member);
      return;
    }
    RaftStatus before = leads.put(member, status);
    boolean more =
        before != null
            && before.term() == status.term()
            && before.committedIndex() < status.committedIndex();
    Long term = more ? logs.of(member).termAt(status.committedIndex()) : null;
    if (term != null) {
      check(member, term, status.committedIndex());
    }
  }

  private void check(SimMember leader, long term, long index) {
    Quorum quorum = memberships.of(leader).quorum();
    List<SimMember> members = leader.cluster().members();
    for (SimMember other : members) {
      if (other == leader
          || other.isLost()
          || !quorum.voters().contains(other.id())
          || logs.of(other).holds(index, term)) {
        continue;
      }
      LogPosition last = logs.of(other).last();
      if (quorum.reachedBy(id -> last.isUpToDateWith(lastOf(id, members)))) {
        violations.report(
            "a commit that can be lost",
            "%s calls entry %d of term %d committed, but %s, which lacks it, could win with %s"
                .formatted(leader, index, term, other, last));
        return;
      }
    }
  }

  private LogPosition lastOf(long id, List<SimMember> members) {
    return members.stream()
        .filter(member -> member.id() == id)
        .findFirst()
        .map(member -> logs.of(member).last())
        .orElse(LogPosition.ZERO);
  }
}
