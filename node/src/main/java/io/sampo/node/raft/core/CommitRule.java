package io.sampo.node.raft.core;

import java.util.function.LongUnaryOperator;

/** What a leader may call committed. */
public final class CommitRule {
  private CommitRule() {}

  /**
   * The new commit index: what a majority holds durably, if that entry is of the leader's own term.
   * Older entries are never committed by counting, only together with a newer one (Raft paper
   * 5.4.2, figure 8).
   */
  public static long commitIndex(
      long commit, long term, Quorum quorum, LongUnaryOperator matchOf, LogTail log) {
    long reached = quorum.reached(matchOf);
    return reached > commit && log.termAt(reached) == term ? reached : commit;
  }
}
