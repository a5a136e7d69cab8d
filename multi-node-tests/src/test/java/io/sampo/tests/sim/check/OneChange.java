package io.sampo.tests.sim.check;

import io.sampo.node.raft.RoleName;
import io.sampo.persistence.log.LogCommand;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.tests.sim.cluster.SimMember;

/**
 * One membership change at a time (Raft thesis 4.1): a leader writes one only when every earlier
 * one in its log is in effect.
 */
public final class OneChange implements Check {
  private final Violations violations;
  private final DurableLogs logs;

  /**
   * @param logs hears of everything before this check does
   */
  public OneChange(Violations violations, DurableLogs logs) {
    this.violations = violations;
    this.logs = logs;
  }

  @Override
  public void onLogCommand(SimMember member, LogCommand command) {
    boolean leads = member.status().role() == RoleName.LEADER;
    for (Entry entry : DurableLogs.entriesOf(command)) {
      boolean own = leads && entry.getTerm() == member.status().term();
      if (own && entry.getType() != EntryType.EntryNormal) {
        Long earlier = logs.of(member).changes().lower(entry.getIndex());
        if (earlier != null && earlier > member.status().appliedIndex()) {
          violations.report(
              "one membership change",
              "%s writes change %d while %d is in flight"
                  .formatted(member, entry.getIndex(), earlier));
        }
      }
    }
  }
}
