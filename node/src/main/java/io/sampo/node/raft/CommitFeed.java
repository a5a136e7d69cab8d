package io.sampo.node.raft;

import io.sampo.node.raft.core.Invariants;
import io.sampo.node.raft.core.LogTail;
import java.util.function.Consumer;

/**
 * The commit index, and how far the state machine was fed: never past what is committed and durable
 * here.
 */
final class CommitFeed {
  private final LogTail tail;
  private final Consumer<CommittedEntries> applier;
  private final long recoveredTo;
  private long commit;
  private long told;
  private long applied;

  CommitFeed(LogTail tail, Consumer<CommittedEntries> applier, long commit, long applied) {
    Invariants.check(applied <= commit, "applied %d, committed %d", applied, commit);
    this.tail = tail;
    this.applier = applier;
    this.recoveredTo = tail.lastIndex();
    this.commit = commit;
    this.told = applied;
    this.applied = applied;
  }

  long commit() {
    return commit;
  }

  long applied() {
    return applied;
  }

  /**
   * Returns false if this is not news. The commit index never goes back, and never past the log.
   */
  boolean commitTo(long index) {
    if (index <= commit) {
      return false;
    }
    // The text is etcd's: this is what happens to a member whose data was wiped.
    Invariants.check(
        index <= tail.lastIndex(),
        "tocommit(%d) is out of range [lastIndex(%d)]. Was the raft log corrupted, truncated, or"
            + " lost?",
        index,
        tail.lastIndex());
    commit = index;
    return true;
  }

  boolean appliedTo(long index) {
    if (index <= applied) {
      return false;
    }
    Invariants.check(index <= commit, "applied %d, committed %d", index, commit);
    applied = index;
    return true;
  }

  /** A snapshot brought the state machine to here. */
  void installedTo(long index) {
    commit = Math.max(commit, index);
    told = Math.max(told, index);
    applied = Math.max(applied, index);
  }

  /** Hands over everything that is committed and durable and was not handed over before. */
  void feed(long durableIndex) {
    long upTo = Math.min(commit, durableIndex);
    if (upTo > told) {
      applier.accept(new CommittedEntries(tail.slice(told + 1, upTo), recoveredTo));
      told = upTo;
    }
  }
}
