package io.sampo.tests.sim.check;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftSettings;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.raft.core.Quorum;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What each member has written to its log, and what of it is known to be durable. */
public final class DurableLogs implements Observer {

  /** One member's. */
  static final class Log {
    private final TreeMap<Long, Long> durable = new TreeMap<>();
    private final TreeMap<Long, Long> written = new TreeMap<>();
    private final TreeSet<Long> changes = new TreeSet<>();
    private final Deque<Runnable> inFlight = new ArrayDeque<>();
    private LogPosition installed = LogPosition.ZERO;

    /** Whether the entry of this index and term is durable now; below a snapshot everything is. */
    boolean holds(long index, long term) {
      return index <= installed.index() || durable.getOrDefault(index, 0L) == term;
    }

    /** Indexes of the membership changes that were written, durable or not. */
    TreeSet<Long> changes() {
      return changes;
    }

    /** The end of what is durable now: what a voter compares. */
    LogPosition last() {
      return durable.isEmpty()
          ? installed
          : new LogPosition(durable.lastEntry().getValue(), durable.lastKey());
    }

    /** Null if the entry was not written since the last snapshot. */
    Long termAt(long index) {
      return written.get(index);
    }

    private void installed(LogPosition position) {
      if (position.index() > installed.index()) {
        installed = position;
      }
      durable.clear();
    }

    private void written(List<Entry> entries) {
      if (!entries.isEmpty()) {
        written.tailMap(entries.get(0).getIndex(), true).clear();
        entries.forEach(entry -> written.put(entry.getIndex(), entry.getTerm()));
        changes.tailSet(entries.get(0).getIndex(), true).clear();
        entries.stream()
            .filter(entry -> entry.getType() != EntryType.EntryNormal)
            .forEach(entry -> changes.add(entry.getIndex()));
      }
    }
  }

  private final Map<SimMember, Log> logs = new HashMap<>();

  /** Index, then term, then who has ever held that entry durably. */
  private final Map<Long, Map<Long, Set<Long>>> holders = new HashMap<>();

  Log of(SimMember member) {
    return logs.computeIfAbsent(member, any -> new Log());
  }

  /**
   * Whether a majority of these voters has at any time held durably what the member has at this
   * index; for an entry that it has not begun to write, any one entry there.
   */
  boolean isAtMajority(SimMember member, long index, Quorum voters) {
    Map<Long, Set<Long>> byTerm = holders.getOrDefault(index, Map.of());
    Long own = of(member).written.get(index);
    Collection<Set<Long>> sets =
        own == null ? byTerm.values() : List.of(byTerm.getOrDefault(own, Set.of()));
    Set<Long> installed = installedTo(index);
    return voters.reachedBy(installed::contains)
        || sets.stream()
            .anyMatch(set -> voters.reachedBy(id -> set.contains(id) || installed.contains(id)));
  }

  private Set<Long> installedTo(long index) {
    Set<Long> installed = new HashSet<>();
    logs.forEach(
        (member, log) -> {
          if (log.installed.index() >= index) {
            installed.add(member.id());
          }
        });
    return installed;
  }

  /** The entries that a log command persists; of another command none. */
  static List<Entry> entriesOf(LogCommand command) {
    return command instanceof LogCommand.Persist persist ? persist.entries() : List.of();
  }

  @Override
  public void onRecovered(SimMember member, LogState state) {
    Log log = of(member);
    log.inFlight.clear();
    log.durable.clear();
    log.changes.clear();
    log.written.clear();
    RaftSettings.Restored restored = member.restored().raft().restored();
    log.installed =
        restored.index() > state.prefixIndex()
            ? new LogPosition(restored.term(), restored.index())
            : new LogPosition(state.prefixTerm(), state.prefixIndex());
    log.written(state.entries());
    durable(member, log, state.entries());
  }

  @Override
  public void onLogCommand(SimMember member, LogCommand command) {
    Log log = of(member);
    if (command instanceof LogCommand.Persist persist) {
      log.written(persist.entries());
      log.inFlight.add(() -> durable(member, log, persist.entries()));
    } else if (command instanceof LogCommand.InstallSnapshot install) {
      log.changes.clear();
      log.inFlight.add(() -> log.installed(new LogPosition(install.term(), install.index())));
    }
  }

  @Override
  public void onRaftTold(SimMember member, RaftCommand command) {
    if (command instanceof RaftCommand.LogReplied replied
        && replied.reply() instanceof LogReply.Flushed) {
      of(member).inFlight.removeFirst().run();
    }
  }

  private void durable(SimMember member, Log log, List<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    log.durable.tailMap(entries.get(0).getIndex(), true).clear();
    for (Entry entry : entries) {
      log.durable.put(entry.getIndex(), entry.getTerm());
      holders
          .computeIfAbsent(entry.getIndex(), any -> new HashMap<>())
          .computeIfAbsent(entry.getTerm(), any -> new HashSet<>())
          .add(member.id());
    }
  }
}
