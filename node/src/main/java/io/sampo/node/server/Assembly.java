package io.sampo.node.server;

import com.google.protobuf.ByteString;
import io.sampo.node.apply.PublishedState;
import io.sampo.node.boot.EtcdVersion;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.bootstrap.Bootstrap;
import io.sampo.node.bootstrap.ClusterIdentity;
import io.sampo.node.lease.LeaseRules;
import io.sampo.node.metrics.NodeMetrics;
import io.sampo.node.peer.MemberIds;
import io.sampo.node.peer.NetworkMetrics;
import io.sampo.node.peer.PeerIdentity;
import io.sampo.node.peer.PeerNetwork;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.raft.HeartbeatPace;
import io.sampo.node.raft.LocalTransport;
import io.sampo.node.raft.LogWriteTimes;
import io.sampo.node.raft.PeerTransport;
import io.sampo.node.raft.PublishedStatus;
import io.sampo.node.raft.RaftCounters;
import io.sampo.node.raft.RaftLimits;
import io.sampo.node.raft.RaftSettings;
import io.sampo.node.raft.core.RaftRules;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.persistence.datadir.DataDirectory;
import io.sampo.persistence.datadir.Identity;
import io.sampo.persistence.log.JournalSettings;
import io.sampo.persistence.log.LevelDbJournal;
import io.sampo.persistence.log.LogSettings;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.persistence.snapshot.StoredSnapshot;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Makes the parts of a node from its configuration and from what its directory holds. */
public final class Assembly {
  public static final String LOG_NAME = "raft-log";

  private Assembly() {}

  /**
   * Who this member will be if its directory is new; empty if it has data, which knows it.
   *
   * @throws ConfigException if the flags contradict each other; nothing was written
   */
  static Optional<ClusterIdentity> bootstrap(NodeConfig config) throws ConfigException {
    return DataDirectory.hasIdentity(config.dataDir())
        ? Optional.empty()
        : Optional.of(ClusterIdentity.bootstrap(config));
  }

  static NodeParts parts(
      NodeConfig config,
      Bootstrap beginning,
      DataDirectory directory,
      JournalSettings journal,
      SystemSources sources,
      NodeTls tls)
      throws IOException {
    NodeParts alone =
        parts(
            config,
            sources,
            beginning.identity(),
            beginning.firstEntries(),
            LogSettings.defaults(journal.directory().toString())
                .withCatchUpEntries(config.storage().snapshotCatchUpEntries())
                .withHistoryExpected(directory.identity().isPresent())
                .withFreeBytes(LevelDbJournal.freeBytes(journal)),
            SnapshotStore.open(directory.snapshots(), sources.nanoTime()),
            directory.received(),
            new LocalTransport(),
            RaftRules.STANDARD,
            SpawnInterceptor.OPEN);
    return alone.withPeers(peers(config, alone, tls, beginning.known()));
  }

  static PeerSettings peerSettings(NodeConfig config) {
    PeerSettings settings = PeerSettings.of(Duration.ofNanos(config.electionTimeoutByTicksNanos()));
    int longest = Math.max(settings.stream().frameBytes(), 2 * config.limits().maxRequestBytes());
    return settings.withStream(settings.stream().withFrameBytes(longest));
  }

  private static PeerParts peers(
      NodeConfig config, NodeParts parts, NodeTls tls, List<ClusterMember> known) {
    PeerNetwork network =
        new PeerNetwork(
            new PeerIdentity(
                parts.memberId(),
                parts.clusterId(),
                EtcdVersion.SERVER,
                PeerIdentity.MIN_CLUSTER_VERSION,
                config.urls().initialAdvertisePeer().stream().map(EtcdUrl::text).toList()),
            new NetworkMetrics(parts.metrics().registry(), MemberIds.format(parts.memberId())),
            parts.sources().nanoTime(),
            id -> parts.state().get().cluster().removed().contains(id));
    return new PeerParts(network, peerSettings(config), tls.peer(), known);
  }

  /**
   * A node above any journal, snapshot store and transport.
   *
   * @param bootstrap the first entries of a new cluster, see {@link #bootstrapEntries}; empty for a
   *     member that has data or joins
   * @param received where snapshots of leaders are on their way; exists
   */
  public static NodeParts parts(
      NodeConfig config,
      SystemSources sources,
      Identity identity,
      List<Entry> bootstrap,
      LogSettings log,
      SnapshotStore snapshots,
      Path received,
      PeerTransport transport,
      RaftRules rules,
      SpawnInterceptor door)
      throws IOException {
    NodeMetrics metrics = new NodeMetrics();
    StateMachine machine = restore(config, snapshots);
    NodeState state = machine.state();
    RaftSettings raft =
        RaftSettings.of(identity.memberId(), bootstrap)
            .withTiming(
                Duration.ofNanos(config.raft().heartbeatIntervalNanos()),
                config.raft().electionTicks())
            .withLimits(
                RaftLimits.DEFAULT.withTicks(
                    Duration.ofNanos(config.raft().heartbeatIntervalNanos()),
                    Duration.ofNanos(config.requestTimeoutNanos())))
            .withElections(config.raft().preVote(), config.raft().initialElectionTickAdvance())
            .withCatchUpEntries(config.storage().snapshotCatchUpEntries())
            .withRestored(
                new RaftSettings.Restored(
                    state.appliedIndex(), state.appliedTerm(), state.cluster().confState()));
    CompletableFuture<Void> logBegun = new CompletableFuture<>();
    LogWriteTimes writes =
        new LogWriteTimes(metrics.store(), sources.nanoTime(), () -> logBegun.complete(null));
    return new NodeParts(
        config,
        sources,
        metrics,
        identity,
        machine,
        new PublishedState(state),
        new PublishedStatus(identity.memberId(), sources.nanoTime()),
        new HashStorage(),
        new RaftCounters(
            writes,
            new HeartbeatPace(
                metrics.server().lateHeartbeats,
                sources.nanoTime(),
                Duration.ofNanos(config.raft().heartbeatIntervalNanos()))),
        logBegun,
        raft,
        LOG_NAME,
        log,
        snapshots,
        received,
        transport,
        rules,
        door,
        Optional.empty());
  }

  public static StateSettings stateSettings(NodeConfig config) {
    return new StateSettings(
        LeaseRules.minTtlSeconds(
            config.raft().electionTicks(),
            Duration.ofNanos(config.raft().heartbeatIntervalNanos())),
        config.storage().quotaSetting(),
        config.cluster().maxLearners());
  }

  private static StateMachine restore(NodeConfig config, SnapshotStore snapshots)
      throws IOException {
    StateSettings settings = stateSettings(config);
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

  /** The entries that every new etcd log begins with: one for each initial member, in term 1. */
  public static List<Entry> bootstrapEntries(NodeConfig config, ClusterIdentity identity) {
    List<Entry> entries = new ArrayList<>();
    identity.memberIds().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Long::compareUnsigned))
        .forEach(
            member -> {
              ClusterMember initial =
                  new ClusterMember(
                      member.getValue(),
                      config.cluster().initialMembers().get(member.getKey()).stream()
                          .map(EtcdUrl::text)
                          .toList(),
                      false,
                      member.getKey(),
                      List.of());
              ConfChange change =
                  ConfChange.newBuilder()
                      .setType(ConfChangeType.ConfChangeAddNode)
                      .setNodeId(member.getValue())
                      .setContext(ByteString.copyFrom(MemberJson.encode(initial)))
                      .build();
              entries.add(
                  Entry.newBuilder()
                      .setType(EntryType.EntryConfChange)
                      .setTerm(1)
                      .setIndex(entries.size() + 1L)
                      .setData(change.toByteString())
                      .build());
            });
    return entries;
  }
}
