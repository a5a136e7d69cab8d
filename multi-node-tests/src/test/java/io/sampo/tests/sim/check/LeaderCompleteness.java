package io.sampo.tests.sim.check;

import io.sampo.node.raft.RoleName;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is committed is in the log of every later leader (Raft paper, figure 3): when a leader
 * writes an entry of its own term, everything committed before stands below it.
 */
public final class LeaderCompleteness implements Check {
  private final Violations violations;
  private final CommittedLog committed;
  private final Map<SimMember, TreeMap<Long, Long>> logs = new HashMap<>();
  private final Map<SimMember, Long> checkedTerm = new HashMap<>();

  /** For each entry a term in which it was committed at the latest. */
  private final Map<Long, Long> committedIn = new HashMap<>();

  public LeaderCompleteness(Violations violations, CommittedLog committed) {
    this.violations = violations;
    this.committed = committed;
  }

  /** Who learns that something is committed is in the term of the leader that says so. */
  @Override
  public void onApplied(SimMember member, List<Entry> entries) {
    long term = member.status().term();
    entries.forEach(entry -> committedIn.merge(entry.getIndex(), term, Math::min));
  }

  @Override
  public void onRecovered(SimMember member, LogState state) {
    TreeMap<Long, Long> log = new TreeMap<>();
    state.entries().forEach(entry -> log.put(entry.getIndex(), entry.getTerm()));
    logs.put(member, log);
  }

  @Override
  public void onLogCommand(SimMember member, LogCommand command) {
    TreeMap<Long, Long> log = logs.get(member);
    List<Entry> entries = DurableLogs.entriesOf(command);
    if (command instanceof LogCommand.InstallSnapshot) {
      log.clear();
    }
    if (entries.isEmpty()) {
      return;
    }
    log.tailMap(entries.get(0).getIndex(), true).clear();
    entries.forEach(entry -> log.put(entry.getIndex(), entry.getTerm()));
    long term = member.status().term();
    boolean leads = member.status().role() == RoleName.LEADER;
    if (leads && checkedTerm.getOrDefault(member, 0L) < term) {
      for (Entry entry : entries) {
        if (entry.getTerm() == term) {
          checkedTerm.put(member, term);
          check(member, term, entry.getIndex(), log);
          return;
        }
      }
    }
  }

  private void check(SimMember member, long term, long below, TreeMap<Long, Long> log) {
    for (long index = committed.lastIndex(); index > 0; index--) {
      Entry entry = committed.at(index).entry();
      Long own = log.get(index);
      boolean dropped = own == null && (log.isEmpty() || index < log.firstKey());
      // Who slept over its own election may lead a term that is over.
      boolean older = committedIn.getOrDefault(index, entry.getTerm()) < term;
      if (older && !dropped && (own == null || own != entry.getTerm() || index >= below)) {
        violations.report(
            "leader completeness",
            member + " leads term " + term + " without the committed entry " + index);
        return;
      }
    }
  }
}
