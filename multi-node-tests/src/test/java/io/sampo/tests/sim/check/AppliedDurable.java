package io.sampo.tests.sim.check;

import io.sampo.protocol.raftpb.Entry;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.List;

/** A member applies only what is durable in its own log: after a crash it must not know less. */
public final class AppliedDurable implements Check {
  private final Violations violations;
  private final DurableLogs logs;

  public AppliedDurable(Violations violations, DurableLogs logs) {
    this.violations = violations;
    this.logs = logs;
  }

  @Override
  public void onApplied(SimMember member, List<Entry> entries) {
    for (Entry entry : entries) {
      if (!logs.of(member).holds(entry.getIndex(), entry.getTerm())) {
        violations.report(
            "applied is durable",
            "%s applies entry %d of term %d, which is not durable there"
                .formatted(member, entry.getIndex(), entry.getTerm()));
        return;
      }
    }
  }
}
