package io.sampo.node.raft;

import io.sampo.node.raft.core.LogTail;
import io.sampo.protocol.raftpb.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What Raft promises (paper, figure 3), checked from outside after every step. */
final class RaftChecks {
  private record Position(long term, long index) {}

  private final Map<Long, Long> leaderOfTerm = new HashMap<>();
  private final Map<Position, Entry> entries = new HashMap<>();
  private final Map<Position, Long> termBefore = new HashMap<>();
  private final TreeMap<Long, Entry> committed = new TreeMap<>();
  private final Map<Long, Long> checkedTo = new HashMap<>();
  private final Map<Long, Position> lastSeen = new HashMap<>();
  private int elections;

  int elections() {
    return elections;
  }

  long committed() {
    return committed.isEmpty() ? 0 : committed.lastKey();
  }

  void after(TestMember member) {
    electionSafety(member);
    logMatching(member);
    committedStays(member);
  }

  /** A power cut may take back what was not durable. */
  void restarted(TestMember member) {
    checkedTo.remove(member.id);
    lastSeen.remove(member.id);
  }

  private void electionSafety(TestMember member) {
    if (!member.status.isLeader()) {
      return;
    }
    Long other = leaderOfTerm.putIfAbsent(member.status.term(), member.id);
    if (other == null) {
      elections++;
      leaderCompleteness(member);
    }
    require(other == null || other == member.id, "two leaders in term " + member.status.term());
  }

  private void leaderCompleteness(TestMember leader) {
    LogTail tail = leader.tail();
    for (Entry entry : committed.tailMap(tail.firstIndex()).values()) {
      require(
          tail.holds(entry.getTerm(), entry.getIndex()),
          "leader " + leader.id + " lacks committed " + Transcript.line(entry));
    }
  }

  /** The same term and index is the same entry after the same entry, in every log at every time. */
  private void logMatching(TestMember member) {
    LogTail tail = member.tail();
    Position last = new Position(tail.lastTerm(), tail.lastIndex());
    if (last.equals(lastSeen.put(member.id, last))) {
      return;
    }
    for (long index = tail.firstIndex(); index <= tail.lastIndex(); index++) {
      Entry entry = tail.entryAt(index);
      Position position = new Position(entry.getTerm(), index);
      Entry known = entries.putIfAbsent(position, entry);
      require(known == null || known.equals(entry), "two entries at " + position);
      Long before = termBefore.putIfAbsent(position, tail.termAt(index - 1));
      require(before == null || before == tail.termAt(index - 1), "two pasts before " + position);
    }
  }

  private void committedStays(TestMember member) {
    long from = checkedTo.getOrDefault(member.id, 0L);
    for (Entry entry : member.applied.tailMap(from, false).values()) {
      Entry known = committed.putIfAbsent(entry.getIndex(), entry);
      require(
          known == null || known.equals(entry),
          "member " + member.id + " applied another entry at " + entry.getIndex());
      require(
          committed.firstKey() + committed.size() - 1 == committed.lastKey(),
          "a gap before " + entry.getIndex());
      checkedTo.put(member.id, entry.getIndex());
    }
  }

  static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }
}
