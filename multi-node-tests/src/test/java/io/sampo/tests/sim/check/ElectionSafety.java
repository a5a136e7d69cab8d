package io.sampo.tests.sim.check;

import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.HashMap;
import java.util.Map;

/** At most one leader is elected in a term (Raft paper, figure 3). */
public final class ElectionSafety implements Check {
  private final Violations violations;
  private final Map<Long, SimMember> leaders = new HashMap<>();

  public ElectionSafety(Violations violations) {
    this.violations = violations;
  }

  @Override
  public void onRaftStep(SimMember member) {
    RaftStatus status = member.status();
    if (status.role() == RoleName.LEADER) {
      SimMember other = leaders.putIfAbsent(status.term(), member);
      if (other != null && other != member) {
        violations.report(
            "election safety", member + " and " + other + " lead in term " + status.term());
      }
    }
  }

  /** Terms that had a leader. */
  public int terms() {
    return leaders.size();
  }
}
