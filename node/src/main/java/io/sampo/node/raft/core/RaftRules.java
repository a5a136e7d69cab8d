package io.sampo.node.raft.core;

import io.sampo.protocol.raftpb.Message;
import java.util.function.LongUnaryOperator;

/**
 * The decisions that a cluster's safety rests on, as one value: a simulation can break any of them
 * and see whether it notices.
 */
public record RaftRules(
    Votes votes, Appends appends, Commits commits, Changes changes, Snapshots snapshots) {

  /** The ones of the paper, and of etcd-io/raft. */
  public static final RaftRules STANDARD =
      new RaftRules(
          VoteRule::grants,
          AppendRule::decide,
          CommitRule::commitIndex,
          MembershipChange::mayPropose,
          SnapshotRule::decide);

  /** {@link VoteRule#grants}. */
  public interface Votes {
    boolean grants(VoteRule.Voter voter, VoteRule.Request request);
  }

  /** {@link AppendRule#decide}. */
  public interface Appends {
    AppendRule.Outcome decide(Message append, long commit, LogTail log);
  }

  /** {@link CommitRule#commitIndex}. */
  public interface Commits {
    long commitIndex(long commit, long term, Quorum quorum, LongUnaryOperator matchOf, LogTail log);
  }

  /** {@link MembershipChange#mayPropose}. */
  public interface Changes {
    boolean mayPropose(long pendingIndex, long applied);
  }

  /** {@link SnapshotRule#decide}. */
  public interface Snapshots {
    SnapshotRule.Outcome decide(LogPosition snapshot, long commit, LogTail log);
  }

  public RaftRules withVotes(Votes others) {
    return new RaftRules(others, appends, commits, changes, snapshots);
  }

  public RaftRules withAppends(Appends others) {
    return new RaftRules(votes, others, commits, changes, snapshots);
  }

  public RaftRules withCommits(Commits others) {
    return new RaftRules(votes, appends, others, changes, snapshots);
  }

  public RaftRules withChanges(Changes others) {
    return new RaftRules(votes, appends, commits, others, snapshots);
  }

  public RaftRules withSnapshots(Snapshots others) {
    return new RaftRules(votes, appends, commits, changes, others);
  }
}
