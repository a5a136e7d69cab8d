package io.sampo.node.raft.core;

/**
 * What a leader's snapshot is to a follower (Raft paper, section 7, and etcd-io/raft). Decides
 * only, changes nothing.
 */
public final class SnapshotRule {
  private SnapshotRule() {}

  /** What to do with it. */
  public enum Outcome {
    /** Everything in it is committed here already. */
    OLD,
    /** The log holds its last entry: only that it is committed is news; what follows is kept. */
    HELD,
    /** It takes the place of the whole log. */
    REPLACES
  }

  /**
   * @param snapshot its last entry
   * @param commit the follower's commit index
   */
  public static Outcome decide(LogPosition snapshot, long commit, LogTail log) {
    if (snapshot.index() <= commit) {
      return Outcome.OLD;
    }
    return log.holds(snapshot.term(), snapshot.index()) ? Outcome.HELD : Outcome.REPLACES;
  }
}
