package io.sampo.node.server;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.FeatureGates.Gate;
import io.sampo.node.compaction.AutoCompactor;
import io.sampo.node.compaction.PeriodicRetention;
import io.sampo.node.compaction.RetentionRule;
import io.sampo.node.compaction.RevisionRetention;
import io.sampo.node.corruption.CorruptionChecks;
import io.sampo.node.dispatch.Actors;
import io.sampo.node.member.ClusterVersionMonitor;
import io.sampo.node.member.DowngradeMonitor;
import io.sampo.node.member.MemberPublisher;
import io.sampo.node.member.PeerVersions;
import io.sampo.node.member.ServerVersion;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.request.Consensus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/** What looks after the cluster by itself, at times or while this member leads. */
final class Monitors {
  private final Actors actors;
  private final RestoredState restored;
  private final NodeConfig config;
  private final LongSupplier nanoTime;
  private final Replica replica;
  private final Consensus consensus;
  private final Optional<ActorRef<AutoCompactor.Command>> compactor;
  private final ActorRef<MemberPublisher.Command> publisher;
  private final ActorRef<ClusterVersionMonitor.Command> versions;
  private final Optional<ActorRef<DowngradeMonitor.Command>> downgrades;

  /**
   * Starts them.
   *
   * @param published told when the cluster knows what this member says of itself
   */
  Monitors(
      Actors actors,
      MemberSetup setup,
      RestoredState restored,
      Replica replica,
      ActorRef<MemberPublisher.Published> published) {
    this.actors = actors;
    this.restored = restored;
    this.config = setup.config();
    this.nanoTime = setup.sources().nanoTime();
    this.replica = replica;
    this.consensus = replica.consensus();
    compactor = createCompactor();
    spawnCorruptionMonitor();
    publisher = createPublisher(published);
    versions = createVersionMonitor();
    downgrades = createDowngradeMonitor();
  }

  private Optional<ActorRef<AutoCompactor.Command>> createCompactor() {
    NodeConfig.Compaction settings = config.compaction();
    if (settings.retention() == 0) {
      return Optional.empty();
    }
    LongSupplier revision = () -> consensus.state().keys().revision();
    return Optional.of(
        actors.spawn(
            "auto-compactor",
            AutoCompactor.create(
                () -> retention(settings, nanoTime.getAsLong(), revision.getAsLong()),
                consensus.gate()::proposeCompaction,
                revision,
                nanoTime)));
  }

  /** A rule that begins now, at the store's current revision. */
  static RetentionRule retention(NodeConfig.Compaction settings, long nowNanos, long revision) {
    return switch (settings.mode()) {
      case REVISION -> new RevisionRetention(settings.retention());
      case PERIODIC ->
          new PeriodicRetention(Duration.ofNanos(settings.retention()), nowNanos, revision);
    };
  }

  private void spawnCorruptionMonitor() {
    replica
        .peers()
        .client()
        .flatMap(
            client ->
                CorruptionChecks.monitor(
                    CorruptionChecks.settings(
                        config.timing().corruptCheckNanos(),
                        config.featureGates().isEnabled(Gate.CompactHashCheck)
                            ? config.timing().compactHashCheckNanos()
                            : 0,
                        config.requestTimeoutNanos()),
                    consensus,
                    restored.hashes(),
                    client,
                    actors.longWork()))
        .ifPresent(monitor -> actors.spawn("corruption-monitor", monitor));
  }

  private ActorRef<MemberPublisher.Command> createPublisher(
      ActorRef<MemberPublisher.Published> published) {
    return actors.spawn(
        "member-publisher",
        MemberPublisher.create(
            new MemberPublisher.LocalMember(
                consensus.memberId(),
                consensus.clusterId(),
                config.name(),
                config.urls().advertiseClient().stream().map(Object::toString).toList(),
                Duration.ofNanos(config.requestTimeoutNanos())),
            consensus.state(),
            consensus.status(),
            consensus.proposer(),
            consensus.barrier(),
            published));
  }

  private ActorRef<ClusterVersionMonitor.Command> createVersionMonitor() {
    return actors.spawn(
        "cluster-version-monitor",
        ClusterVersionMonitor.create(
            consensus.memberId(), consensus::cluster, versionQuestion(), consensus.proposer()));
  }

  private Optional<ActorRef<DowngradeMonitor.Command>> createDowngradeMonitor() {
    Duration interval = Duration.ofNanos(config.timing().downgradeCheckTimeNanos());
    return interval.isNegative() || interval.isZero()
        ? Optional.empty()
        : Optional.of(
            actors.spawn(
                "downgrade-monitor",
                DowngradeMonitor.create(
                    consensus.memberId(),
                    consensus::cluster,
                    versionQuestion(),
                    consensus.proposer(),
                    interval)));
  }

  private ClusterVersionMonitor.VersionQuestion versionQuestion() {
    return replica
        .peers()
        .client()
        .<ClusterVersionMonitor.VersionQuestion>map(PeerVersions::new)
        .orElse(any -> CompletableFuture.completedFuture(Optional.of(ServerVersion.OURS)));
  }

  /** This member starts or stops to lead. */
  void onLeadership(LeadershipChange change) {
    compactor.ifPresent(actor -> actor.tell(new AutoCompactor.Leadership(change)));
    versions.tell(new ClusterVersionMonitor.Leadership(change));
    downgrades.ifPresent(actor -> actor.tell(new DowngradeMonitor.Leadership(change)));
    publisher.tell(new MemberPublisher.Leadership(change));
  }

  /** It is durable whose data this is: others may hear of this member. */
  void onEstablished() {
    publisher.tell(new MemberPublisher.Established());
  }
}
