package io.sampo.tests.sim.check;

import io.sampo.persistence.log.LogCommand;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * If two logs hold an entry of the same index and term, they hold the same entry there, after the
 * same term (Raft paper, figure 3).
 */
public final class LogMatching implements Check {
  private record Position(long index, long term) {}

  private final Violations violations;
  private final Map<Position, Entry> written = new HashMap<>();
  private final Map<Position, Long> termBefore = new HashMap<>();

  public LogMatching(Violations violations) {
    this.violations = violations;
  }

  @Override
  public void onLogCommand(SimMember member, LogCommand command) {
    List<Entry> entries = DurableLogs.entriesOf(command);
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      Position position = new Position(entry.getIndex(), entry.getTerm());
      Entry other = written.putIfAbsent(position, entry);
      if (other != null && !other.equals(entry)) {
        violations.report("log matching", member + " writes another entry at " + position);
      }
      if (i > 0) {
        long before = entries.get(i - 1).getTerm();
        Long known = termBefore.putIfAbsent(position, before);
        if (known != null && known != before) {
          violations.report("log matching", member + " has another entry before " + position);
        }
      }
    }
  }
}
