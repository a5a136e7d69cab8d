package io.sampo.node.raft.core;

import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import java.util.List;

/**
 * How a follower takes a leader's MsgApp (Raft paper 5.3, with etcd-io/raft's hints). Decides only,
 * changes nothing.
 */
public final class AppendRule {
  private AppendRule() {}

  /** What to do with the message. */
  public sealed interface Outcome permits Behind, Mismatch, Match {}

  /** The entries end before what is committed here: tell the leader how far that is. */
  public record Behind(long commit) implements Outcome {}

  /**
   * The logs differ at the message's index: the hint is the best guess where they may still match.
   */
  public record Mismatch(LogPosition hint) implements Outcome {}

  /**
   * @param fresh the entries that are not in the log yet; what stands at and after the first one
   *     must go
   * @param lastNew the last index that is now known to match the leader's log
   * @param commit how far the leader's commit index may be believed
   */
  public record Match(List<Entry> fresh, long lastNew, long commit) implements Outcome {}

  public static Outcome decide(Message append, long commit, LogTail log) {
    long previous = append.getIndex();
    if (previous < commit) {
      return new Behind(commit);
    }
    if (!log.holds(append.getLogTerm(), previous)) {
      long from = Math.min(previous, log.lastIndex());
      return new Mismatch(log.lastPositionWithTermAtMost(from, append.getLogTerm()));
    }
    List<Entry> entries = append.getEntriesList();
    long lastNew = previous + entries.size();
    long conflict = log.firstConflict(entries);
    Invariants.check(
        conflict == 0 || conflict > commit, "entry %d conflicts with commit %d", conflict, commit);
    List<Entry> fresh =
        conflict == 0
            ? List.of()
            : entries.subList((int) (conflict - previous - 1), entries.size());
    return new Match(fresh, lastNew, Math.min(append.getCommit(), lastNew));
  }
}
