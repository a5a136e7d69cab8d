package io.sampo.node.raft;

import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import java.time.Duration;
import java.util.List;

/**
 * How one member does Raft.
 *
 * @param memberId never 0
 * @param tick the heartbeat interval: the only timer there is
 * @param electionTicks the shortest election timeout in ticks, at least 2; the real one is drawn
 *     below twice that
 * @param preVote etcd's {@code --pre-vote}
 * @param initialElectionTickAdvance etcd's {@code --initial-election-tick-advance}
 * @param catchUpEntries entries kept behind a snapshot, etcd's {@code --snapshot-catchup-entries}
 * @param bootstrap the first entries of a new cluster, from index 1 in term 1; empty for a member
 *     that joins. Only looked at when the log is empty
 * @param restored what the state machine has restored from its own snapshot
 */
public record RaftSettings(
    long memberId,
    Duration tick,
    int electionTicks,
    boolean preVote,
    boolean initialElectionTickAdvance,
    long catchUpEntries,
    List<Entry> bootstrap,
    Restored restored,
    RaftLimits limits) {

  public static final long DEFAULT_CATCH_UP_ENTRIES = 5_000;

  /** The state machine's snapshot: its last entry and the membership there. */
  public record Restored(long index, long term, ConfState membership) {
    public static final Restored NOTHING = new Restored(0, 0, ConfState.getDefaultInstance());
  }

  public RaftSettings {
    bootstrap = List.copyOf(bootstrap);
    if (memberId == 0 || electionTicks < 2 || tick.isNegative() || tick.isZero()) {
      throw new IllegalArgumentException(
          "member id 0, an election time below two ticks or a tick of no length");
    }
  }

  /** etcd's defaults: heartbeats each 100 ms, elections after 1 s, pre-vote. */
  public static RaftSettings of(long memberId, List<Entry> bootstrap) {
    return new RaftSettings(
        memberId,
        Duration.ofMillis(100),
        10,
        true,
        true,
        DEFAULT_CATCH_UP_ENTRIES,
        bootstrap,
        Restored.NOTHING,
        RaftLimits.DEFAULT);
  }

  public RaftSettings withRestored(Restored newRestored) {
    return new RaftSettings(
        memberId,
        tick,
        electionTicks,
        preVote,
        initialElectionTickAdvance,
        catchUpEntries,
        bootstrap,
        newRestored,
        limits);
  }

  public RaftSettings withTiming(Duration newTick, int newElectionTicks) {
    return new RaftSettings(
        memberId,
        newTick,
        newElectionTicks,
        preVote,
        initialElectionTickAdvance,
        catchUpEntries,
        bootstrap,
        restored,
        limits);
  }

  public RaftSettings withLimits(RaftLimits newLimits) {
    return new RaftSettings(
        memberId,
        tick,
        electionTicks,
        preVote,
        initialElectionTickAdvance,
        catchUpEntries,
        bootstrap,
        restored,
        newLimits);
  }

  public RaftSettings withCatchUpEntries(long newCatchUpEntries) {
    return new RaftSettings(
        memberId,
        tick,
        electionTicks,
        preVote,
        initialElectionTickAdvance,
        newCatchUpEntries,
        bootstrap,
        restored,
        limits);
  }

  public RaftSettings withElections(boolean newPreVote, boolean newInitialElectionTickAdvance) {
    return new RaftSettings(
        memberId,
        tick,
        electionTicks,
        newPreVote,
        newInitialElectionTickAdvance,
        catchUpEntries,
        bootstrap,
        restored,
        limits);
  }
}
