package io.sampo.node.server;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.lease.LeaseRules;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.metrics.UnusedFamilies;
import io.sampo.node.raft.PublishedStatus;
import io.sampo.node.raft.RaftLimits;
import io.sampo.node.raft.RaftMetrics;
import io.sampo.node.raft.RaftSettings;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.persistence.snapshot.StoredSnapshot;
import io.sampo.protocol.error.SendLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A member before its first actor runs: the state of its newest snapshot.
 *
 * @param machine from now on the applier's alone
 * @param hashes those of the last compactions
 * @param raft what Raft begins with
 */
public record RestoredState(
    MetricsRegistry metrics,
    StateMachine machine,
    PublishedState state,
    PublishedStatus status,
    HashStorage hashes,
    RaftMetrics raftMetrics,
    RaftSettings raft) {

  /** Reads the newest snapshot that is whole; without one the state is empty. */
  public static RestoredState of(MemberSetup setup) throws IOException {
    StateMachine machine = restore(settings(setup.config()), setup.disk().snapshots());
    NodeState state = machine.state();
    MetricsRegistry metrics = new MetricsRegistry();
    UnusedFamilies.register(metrics);
    LongSupplier nanoTime = setup.sources().nanoTime();
    PublishedStatus status = new PublishedStatus(setup.identity().memberId(), nanoTime);
    return new RestoredState(
        metrics,
        machine,
        new PublishedState(state),
        status,
        new HashStorage(),
        new RaftMetrics(
            metrics,
            status,
            nanoTime,
            Duration.ofNanos(setup.config().raft().heartbeatIntervalNanos())),
        setup.instruments().raft().apply(raftSettings(setup, state)));
  }

  static StateSettings settings(NodeConfig config) {
    return new StateSettings(
        LeaseRules.minTtlSeconds(
            config.raft().electionTicks(),
            Duration.ofNanos(config.raft().heartbeatIntervalNanos())),
        config.storage().quotaSetting(),
        config.cluster().maxLearners(),
        SendLimit.ofHeap(Runtime.getRuntime().maxMemory()));
  }

  private static StateMachine restore(StateSettings settings, SnapshotStore snapshots)
      throws IOException {
    Optional<StoredSnapshot> newest = snapshots.newestValid();
    if (newest.isEmpty()) {
      return new StateMachine(settings);
    }
    try (BboltReader reader = BboltReader.open(newest.get().path())) {
      return StateMachine.restore(
          settings,
          (bucket, visitor) -> {
            try {
              reader.forEach(bucket, visitor);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private static RaftSettings raftSettings(MemberSetup setup, NodeState state) {
    NodeConfig config = setup.config();
    Duration heartbeat = Duration.ofNanos(config.raft().heartbeatIntervalNanos());
    return RaftSettings.of(setup.identity().memberId(), setup.firstEntries())
        .withTiming(heartbeat, config.raft().electionTicks())
        .withLimits(
            RaftLimits.DEFAULT.withTicks(heartbeat, Duration.ofNanos(config.requestTimeoutNanos())))
        .withElections(config.raft().preVote(), config.raft().initialElectionTickAdvance())
        .withCatchUpEntries(config.storage().snapshotCatchUpEntries())
        .withRestored(
            new RaftSettings.Restored(
                state.appliedIndex(), state.appliedTerm(), state.cluster().confState()));
  }
}
