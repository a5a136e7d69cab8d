package io.sampo.tests.sim.check;

import io.sampo.node.state.NodeState;
import io.sampo.node.state.mvcc.KeyHash;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Members that have applied the same entries have the same state, and it is the one that the naive
 * store comes to. Also keeps the committed log.
 */
public final class StateMachineSafety implements Check {
  private record Fingerprint(long revision, long sizeBytes, int leases, int members) {}

  private final Violations violations;
  private final CommittedLog committed;
  private final Map<Long, Fingerprint> byIndex = new HashMap<>();

  public StateMachineSafety(Violations violations, CommittedLog committed) {
    this.violations = violations;
    this.committed = committed;
  }

  @Override
  public void onApplied(SimMember member, List<Entry> entries) {
    for (Entry entry : entries) {
      committed.applied(member.name(), entry);
    }
    compare(member);
  }

  /** After a leader's state took the place of its own, too. */
  @Override
  public void onInstalled(SimMember member) {
    compare(member);
  }

  private void compare(SimMember member) {
    NodeState state = member.state();
    CommittedLog.Committed reference = committed.at(state.appliedIndex());
    if (reference == null || reference.revision() != state.keys().revision()) {
      violations.report(
          "state machine safety",
          member
              + " is at revision "
              + state.keys().revision()
              + " after entry "
              + state.appliedIndex()
              + ", the reference at "
              + (reference == null ? "none" : reference.revision()));
      return;
    }
    Fingerprint mine =
        new Fingerprint(
            state.keys().revision(),
            0,
            state.leases().toList().size(),
            state.cluster().members().size());
    Fingerprint others = byIndex.putIfAbsent(state.appliedIndex(), mine);
    if (others != null && !others.equals(mine)) {
      violations.report(
          "state machine safety",
          member + " has " + mine + " after entry " + state.appliedIndex() + ", not " + others);
    }
  }

  @Override
  public void atEnd(SimCluster cluster) {
    KeyHash expected = null;
    for (SimMember member : cluster.members()) {
      if (!member.isUp()) {
        continue;
      }
      NodeState state = member.state();
      if (state.appliedIndex() < committed.lastIndex()) {
        violations.report(
            "durability",
            member
                + " has applied "
                + state.appliedIndex()
                + " of "
                + committed.lastIndex()
                + " committed entries");
        continue;
      }
      KeyHash hash = KeyHash.of(state.keys(), committed.revision());
      if (expected == null) {
        expected = hash;
      }
      if (hash.compactRevision() == expected.compactRevision() && hash.hash() != expected.hash()) {
        violations.report("state machine safety", member + " has another hash than the first");
      }
      if (state.leases().toList().size() != committed.store().leases().size()) {
        violations.report("state machine safety", member + " has other leases");
      }
    }
  }
}
