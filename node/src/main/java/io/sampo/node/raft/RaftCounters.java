package io.sampo.node.raft;

import java.util.concurrent.atomic.LongAdder;

/** What metrics want to know; written by the actor, read from any thread. */
public final class RaftCounters {

  /** Told of the log's writes, of which one is on its way at a time. Called by the actor. */
  public interface WriteListener {
    /** Hears nothing. */
    WriteListener NONE =
        new WriteListener() {
          @Override
          public void begun(long bytes) {}

          @Override
          public void durable() {}
        };

    /** A write of entries of this size was handed to the log. */
    void begun(long bytes);

    /** The write begun last is durable. */
    void durable();
  }

  /** Told of the heartbeats of a leader. Called by the actor. */
  public interface HeartbeatListener {
    /** Hears nothing. */
    HeartbeatListener NONE =
        new HeartbeatListener() {
          @Override
          public void begun() {}

          @Override
          public void sent(int followers) {}
        };

    /** This member begins to lead. */
    void begun();

    /** It sent heartbeats to so many. */
    void sent(int followers);
  }

  private final WriteListener writes;
  private final HeartbeatListener heartbeats;

  public RaftCounters() {
    this(WriteListener.NONE, HeartbeatListener.NONE);
  }

  public RaftCounters(WriteListener writes, HeartbeatListener heartbeats) {
    this.writes = writes;
    this.heartbeats = heartbeats;
  }

  HeartbeatListener heartbeats() {
    return heartbeats;
  }

  WriteListener writes() {
    return writes;
  }

  final LongAdder proposalsDroppedWithoutLeader = new LongAdder();
  final LongAdder proposalsDroppedByOverload = new LongAdder();
  final LongAdder proposalsForwarded = new LongAdder();
  final LongAdder readsFailed = new LongAdder();
  final LongAdder messagesDropped = new LongAdder();
  final LongAdder leaderChanges = new LongAdder();

  /** No leader was known, or it was handing over. */
  public long proposalsDroppedWithoutLeader() {
    return proposalsDroppedWithoutLeader.sum();
  }

  /** More was uncommitted than the limits allow. */
  public long proposalsDroppedByOverload() {
    return proposalsDroppedByOverload.sum();
  }

  public long proposalsForwarded() {
    return proposalsForwarded.sum();
  }

  public long readsFailed() {
    return readsFailed.sum();
  }

  /** Messages that came before recovery was done and found no room, or that no peer may send. */
  public long messagesDropped() {
    return messagesDropped.sum();
  }

  /**
   * How often a leader became known, also the same again after none was (etcd's
   * leader_changes_seen).
   */
  public long leaderChanges() {
    return leaderChanges.sum();
  }
}
