package io.sampo.node.server;

import io.sampo.node.apply.PublishedState;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.member.Connections;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.PeerTransport;
import io.sampo.node.raft.PublishedStatus;
import io.sampo.node.raft.RaftMetrics;
import io.sampo.node.raft.RaftSettings;
import io.sampo.node.raft.core.RaftRules;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.persistence.datadir.Identity;
import io.sampo.persistence.log.LogSettings;
import io.sampo.persistence.snapshot.SnapshotStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * What a node is made of before its first actor runs.
 *
 * @param machine restored from the newest snapshot
 * @param logBegun completes, on Raft's thread, when the log has written something since the start
 * @param logName the persistence id of the log
 * @param received where snapshots of leaders are on their way; exists
 * @param door where its rooms start through
 * @param peers empty for a node whose transport is not etcd's
 */
public record NodeParts(
    NodeConfig config,
    SystemSources sources,
    MetricsRegistry metrics,
    Identity identity,
    StateMachine machine,
    PublishedState state,
    PublishedStatus status,
    HashStorage hashes,
    RaftMetrics raftMetrics,
    CompletableFuture<Void> logBegun,
    RaftSettings raft,
    String logName,
    LogSettings log,
    SnapshotStore snapshots,
    Path received,
    PeerTransport transport,
    RaftRules rules,
    SpawnInterceptor door,
    Optional<PeerParts> peers) {
  private static final long ALWAYS_NANOS = 3_600_000_000_000L;

  /** Who is connected; without peers of etcd's kind everybody always is. */
  Connections connections() {
    return peers
        .<Connections>map(own -> own.network()::activeSinceNanos)
        .orElse(id -> OptionalLong.of(sources.nanoTime().getAsLong() - ALWAYS_NANOS));
  }

  public long memberId() {
    return identity.memberId();
  }

  public long clusterId() {
    return identity.clusterId();
  }

  /** Whether this member is a learner, as far as it has applied. */
  boolean isLearner() {
    ClusterMember self = state.get().cluster().member(memberId());
    return self != null && self.learner();
  }

  /** The same with Raft set up in another way. */
  public NodeParts withRaft(RaftSettings newRaft) {
    return new NodeParts(
        config,
        sources,
        metrics,
        identity,
        machine,
        state,
        status,
        hashes,
        raftMetrics,
        logBegun,
        newRaft,
        logName,
        log,
        snapshots,
        received,
        transport,
        rules,
        door,
        peers);
  }

  /** The same with peers to be reached over HTTP. */
  NodeParts withPeers(PeerParts newPeers) {
    return new NodeParts(
        config,
        sources,
        metrics,
        identity,
        machine,
        state,
        status,
        hashes,
        raftMetrics,
        logBegun,
        raft,
        logName,
        log,
        snapshots,
        received,
        newPeers.network(),
        rules,
        door,
        Optional.of(newPeers));
  }
}
