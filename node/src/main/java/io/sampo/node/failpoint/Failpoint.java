package io.sampo.node.failpoint;

import java.util.Optional;

/**
 * Moments, by the names that etcd 3.7.1 has for them. Which of etcd's there are not, and why, is in
 * this module's README.
 */
public enum Failpoint {
  /**
   * Raft's thread is about to give the log entries or a hard state to write. A leader also comes by
   * before it sends heartbeats, as etcd's does.
   */
  RAFT_BEFORE_SAVE("raftBeforeSave"),
  /** They are durable; Raft's thread has not acted on that. */
  RAFT_AFTER_SAVE("raftAfterSave"),
  /** The leader is about to send a message. */
  RAFT_BEFORE_LEADER_SEND("raftBeforeLeaderSend"),
  /** A member that does not lead is about to send what had to be durable before. */
  RAFT_BEFORE_FOLLOWER_SEND("raftBeforeFollowerSend"),
  /** The log is about to begin anew behind a leader's snapshot, on the disk. */
  RAFT_BEFORE_SAVE_SNAP("raftBeforeSaveSnap"),
  /** It has. */
  RAFT_AFTER_SAVE_SNAP("raftAfterSaveSnap"),
  /** The log is about to begin anew behind a leader's snapshot, in memory. */
  RAFT_BEFORE_APPLY_SNAP("raftBeforeApplySnap"),
  /** It has. */
  RAFT_AFTER_APPLY_SNAP("raftAfterApplySnap"),
  /** A snapshot is durable, and the log is about to be told of it. */
  RAFT_BEFORE_WAL_SAVE_SNAPSHOT("raftBeforeWALSaveSnaphot"),
  /** A message came on a stream of a peer. With a value ({@code return}) it is dropped. */
  RAFT_DROP_HEARTBEAT("raftDropHeartbeat"),
  /** The applier is about to take over a leader's state. */
  APPLY_BEFORE_OPEN_SNAPSHOT("applyBeforeOpenSnapshot"),
  /** It has. */
  APPLY_AFTER_OPEN_SNAPSHOT("applyAfterOpenSnapshot"),
  /** The applier is about to apply a request. */
  BEFORE_APPLY_ONE_ENTRY_NORMAL("beforeApplyOneEntryNormal"),
  /** The applier is about to apply a change of the members. */
  BEFORE_APPLY_ONE_CONF_CHANGE("beforeApplyOneConfChange"),
  /** A compaction is about to take effect. */
  COMPACT_BEFORE_COMMIT_SCHEDULED_COMPACT("compactBeforeCommitScheduledCompact"),
  /** It has. */
  COMPACT_AFTER_COMMIT_SCHEDULED_COMPACT("compactAfterCommitScheduledCompact"),
  /** A step of a compaction begins; nothing is applied meanwhile. */
  COMPACT_AFTER_ACQUIRED_BATCH_TX_LOCK("compactAfterAcquiredBatchTxLock"),
  /** What a step of a compaction removed is about to be gone for readers. */
  COMPACT_BEFORE_COMMIT_BATCH("compactBeforeCommitBatch"),
  /** It is. */
  COMPACT_AFTER_COMMIT_BATCH("compactAfterCommitBatch"),
  /** The last step of a compaction is done, and nobody knows. */
  COMPACT_BEFORE_SET_FINISHED_COMPACT("compactBeforeSetFinishedCompact"),
  /** The state says so. */
  COMPACT_AFTER_SET_FINISHED_COMPACT("compactAfterSetFinishedCompact"),
  /** Events are about to go to a watching client. */
  BEFORE_SEND_WATCH_RESPONSE("beforeSendWatchResponse"),
  /** A lease that lives is about to be renewed. */
  BEFORE_CHECKPOINT_IN_LEASE_RENEW("beforeCheckpointInLeaseRenew"),
  /** A part of a streamed range is about to be read. */
  BEFORE_RANGE_STREAM_CHUNK("beforeRangeStreamChunk"),
  /** The member is about to propose what the cluster shall know of it. */
  BEFORE_PUBLISHING("beforePublishing");

  /**
   * Whether there may be any terms in this process. It never changes, so that where it is false
   * compiled code has nothing of a moment in it.
   */
  private static final boolean ON =
      System.getenv("GOFAIL_HTTP") != null || System.getenv("GOFAIL_FAILPOINTS") != null;

  private final String text;
  private volatile Terms terms;

  Failpoint(String text) {
    this.text = text;
  }

  /** gofail's name of it. */
  String text() {
    return text;
  }

  static Optional<Failpoint> named(String name) {
    for (Failpoint failpoint : values()) {
      if (failpoint.text.equals(name)) {
        return Optional.of(failpoint);
      }
    }
    return Optional.empty();
  }

  /** Does here what the terms say, on this thread: it may stand still, or never return. */
  public void reached() {
    if (ON) {
      evaluate();
    }
  }

  /** As {@link #reached}; whether the terms have a value, which here means to skip what follows. */
  public boolean skips() {
    return ON && evaluate();
  }

  private boolean evaluate() {
    Terms now = terms;
    return now != null && now.evaluate();
  }

  /**
   * @param newTerms null for none
   */
  void set(Terms newTerms) {
    terms = newTerms;
  }

  /** Null if there are none. */
  Terms terms() {
    return terms;
  }
}
