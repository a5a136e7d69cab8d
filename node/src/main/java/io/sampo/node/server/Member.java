package io.sampo.node.server;

import io.sampo.node.apply.Applier;
import io.sampo.node.apply.ApplyMetrics;
import io.sampo.node.apply.CompactionHashes;
import io.sampo.node.apply.RaftNotices;
import io.sampo.node.apply.SnapshotMetrics;
import io.sampo.node.apply.Snapshotter;
import io.sampo.node.apply.StoreFamilies;
import io.sampo.node.auth.AuthService;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.FeatureGates.Gate;
import io.sampo.node.compaction.AutoCompactor;
import io.sampo.node.compaction.PeriodicRetention;
import io.sampo.node.compaction.RevisionRetention;
import io.sampo.node.corruption.CorruptionChecks;
import io.sampo.node.dispatch.Actors;
import io.sampo.node.edge.Answers;
import io.sampo.node.edge.LeaderGuard;
import io.sampo.node.kv.KvService;
import io.sampo.node.kv.RangeMetrics;
import io.sampo.node.lease.ForwardedLeases;
import io.sampo.node.lease.LeaderLeases;
import io.sampo.node.lease.LeaseFeature;
import io.sampo.node.lease.LeaseMetrics;
import io.sampo.node.lease.LeaseSettings;
import io.sampo.node.lease.Lessor;
import io.sampo.node.lock.EtcdServices;
import io.sampo.node.lock.LockFeature;
import io.sampo.node.maintenance.LeaderTransfer;
import io.sampo.node.maintenance.MaintenanceMetrics;
import io.sampo.node.maintenance.MaintenanceService;
import io.sampo.node.member.ClusterVersionMonitor;
import io.sampo.node.member.ForwardedPromotions;
import io.sampo.node.member.LeaderPromotion;
import io.sampo.node.member.MemberFeature;
import io.sampo.node.member.MemberMetrics;
import io.sampo.node.member.MemberPublisher;
import io.sampo.node.member.MembershipEffects;
import io.sampo.node.member.PeerVersions;
import io.sampo.node.member.ServerVersion;
import io.sampo.node.member.StrictReconfiguration;
import io.sampo.node.peer.PeerFeature;
import io.sampo.node.peer.ReceivedStates;
import io.sampo.node.peer.StateSnapshots;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.raft.RaftActor;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftEnvironment;
import io.sampo.node.raft.RaftEnvironment.SnapshotToInstall;
import io.sampo.node.request.Consensus;
import io.sampo.node.request.ReadBarrier;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.request.SpaceAlarm;
import io.sampo.node.state.ApplyEvent;
import io.sampo.node.watch.EventHub;
import io.sampo.node.watch.WatchFeature;
import io.sampo.node.watch.WatchMetrics;
import io.sampo.node.watch.WatchSettings;
import io.sampo.persistence.log.LogActor;
import io.sampo.protocol.version.EtcdVersion;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A member without its ports, from the state up to the features. The constructor, read from top to
 * bottom, is the order in which the parts are made: each knows only those above it. What becomes of
 * the state reaches them as events, in the order in which they subscribe at the end.
 */
public final class Member {
  private static final long ALWAYS_NANOS = Duration.ofHours(1).toNanos();

  /**
   * Who is told of what happens to a member.
   *
   * @param logBegun the log has written something since the start; on Raft's thread
   * @param leadership on Raft's thread
   * @param published the cluster knows what this member says of itself
   * @param removed the log says that this member is removed, or a peer does; on any thread
   */
  record Signals(
      Runnable logBegun,
      Consumer<LeadershipChange> leadership,
      ActorRef<MemberPublisher.Published> published,
      Runnable removed) {}

  private final Actors actors;
  private final MemberSetup setup;
  private final RestoredState restored;
  private final NodeConfig config;
  private final LongSupplier nanoTime;

  private final MemberSetup.Network network;
  private final RequestMetrics requestMetrics;
  private final ActorRef<Applier.Command> applier;
  private final ReceivedStates received;
  private final StateSnapshots toSend;
  private final Consensus consensus;
  private final PeerFeature peers;
  private final WatchFeature watch;
  private final LeaseFeature lease;
  private final KvService kv;
  private final LockFeature locks;
  private final MemberFeature members;
  private final LeaderTransfer transfer;
  private final MaintenanceService maintenance;
  private final AuthService auth;
  private final Optional<ActorRef<AutoCompactor.Command>> compactor;
  private final ActorRef<MemberPublisher.Command> publisher;
  private final ActorRef<ClusterVersionMonitor.Command> versions;
  private final LeaderGuard leaderGuard;

  Member(Actors actors, MemberSetup setup, RestoredState restored, Signals signals) {
    this.actors = actors;
    this.setup = setup;
    this.restored = restored;
    this.config = setup.config();
    this.nanoTime = setup.sources().nanoTime();

    network = setup.network().apply(restored);
    var pending = Consensus.Pending.create(nanoTime, config.requestTimeoutNanos());
    requestMetrics = new RequestMetrics(restored.metrics(), nanoTime, pending.requests()::size);
    StoreFamilies.register(restored.metrics(), restored.state(), config.storage().quotaBytes());
    applier = createApplier(pending);
    received = createReceivedStates();
    toSend = new StateSnapshots(restored.state(), actors.blocking());
    consensus = createConsensus(createRaft(signals), pending);
    peers =
        PeerFeature.create(
            actors,
            consensus,
            network.peers(),
            toSend,
            new PeerFeature.Clocks(nanoTime, setup.sources().currentMillis()),
            config.requestTimeoutNanos(),
            signals.removed());

    watch = createWatch();
    lease = createLease();
    kv = createKv();
    locks =
        LockFeature.create(
            actors, new EtcdServices(kv, lease.service(), watch.service()), consensus.answers());
    members = createMembers();
    transfer =
        new LeaderTransfer(
            consensus.raft()::tell,
            consensus::cluster,
            consensus.status(),
            nanoTime,
            consensus.answers());
    maintenance = createMaintenance();
    auth = new AuthService(consensus.headers());
    compactor = createCompactor();
    spawnCorruptionMonitor();
    publisher = createPublisher(signals);
    versions = createVersionMonitor();
    leaderGuard = new LeaderGuard(consensus.status());
    actors.spawn(
        "leader-guard",
        leaderGuard.looking(Duration.ofNanos(config.electionTimeoutByTicksNanos())));

    subscribe(EventHub.subscription(watch.hub()));
    subscribe(Lessor.subscription(lease.lessor()));
    subscribe(new RaftNotices(consensus.raft()));
    subscribe(
        new MembershipEffects(
            consensus.clusterId(), consensus.memberId(), peers.peers(), signals.removed()));
    subscribe(new SpaceAlarm(consensus.gate(), pending.requests()));
    subscribe(ReadBarrier.subscription(consensus.barrier()));
    applier.tell(Applier.Begin.INSTANCE);
  }

  private void subscribe(Consumer<ApplyEvent> subscriber) {
    applier.tell(new Applier.Subscribe(subscriber));
  }

  private ActorRef<Applier.Command> createApplier(Consensus.Pending pending) {
    var snapshotter =
        actors.spawnBlocking(
            "snapshotter",
            Snapshotter.create(
                setup.disk().snapshots(),
                config.storage().maxSnapshots(),
                new SnapshotMetrics(restored.metrics())));
    return actors.spawn(
        "applier",
        Applier.create(
            restored.machine(),
            restored.state(),
            new Applier.Answers(pending.requests(), pending.changes()),
            snapshotter,
            Duration.ofNanos(config.compaction().sleepIntervalNanos()),
            config.storage().snapshotCount(),
            new ApplyMetrics(
                restored.metrics(),
                config.timing().warningApplyDurationNanos(),
                setup.sources().currentMillis()),
            new CompactionHashes(restored.hashes(), actors.blocking()),
            nanoTime));
  }

  private ReceivedStates createReceivedStates() {
    return new ReceivedStates(
        setup.disk().received(),
        RestoredState.settings(config),
        () -> restored.status().get().appliedIndex(),
        actors.blocking(),
        actors.materializer());
  }

  private ActorRef<RaftCommand> createRaft(Signals signals) {
    return actors.spawn(
        "raft",
        RaftActor.create(
            restored.raft(),
            new RaftEnvironment(
                owner ->
                    actors.intercepted(
                        "log", LogActor.create(LogActor.NAME, owner, setup.disk().log())),
                entries -> applier.tell(new Applier.Apply(entries)),
                this::install,
                signals.leadership(),
                network.transport(),
                restored.status()::set,
                signals.logBegun(),
                restored.raftMetrics(),
                setup.sources().newRandom().get(),
                setup.instruments().rules())));
  }

  private void install(SnapshotToInstall snapshot) {
    long index = snapshot.snapshot().getMetadata().getIndex();
    applier.tell(
        new Applier.Install(
            received
                .take(index)
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "Raft wants the snapshot of entry %d, which has not come"
                                .formatted(index)))));
  }

  private Consensus createConsensus(ActorRef<RaftCommand> raft, Consensus.Pending pending) {
    return Consensus.create(
        actors,
        setup.identity(),
        restored.state(),
        restored.status(),
        restored.machine().quota(),
        raft,
        pending,
        new Answers(actors.executor()),
        new Consensus.Settings(
            config.requestTimeoutNanos(),
            config.limits().maxRequestBytes(),
            config.featureGates().isEnabled(Gate.PriorityRequest)),
        requestMetrics,
        nanoTime,
        setup.sources().currentMillis());
  }

  private WatchFeature createWatch() {
    return WatchFeature.create(
        actors,
        consensus,
        WatchSettings.of(
            Duration.ofNanos(config.timing().watchProgressNotifyIntervalNanos()),
            config.limits().maxRequestBytes()),
        new WatchMetrics(restored.metrics()),
        setup.sources().newRandom().get());
  }

  private LeaseFeature createLease() {
    return LeaseFeature.create(
        actors,
        consensus,
        LeaseSettings.of(
            Duration.ofNanos(config.electionTimeoutByTicksNanos()),
            Duration.ofNanos(config.requestTimeoutNanos()),
            config.featureGates().isEnabled(Gate.LeaseCheckpoint)),
        peers.leader().<LeaderLeases>map(ForwardedLeases::new).orElse(LeaderLeases.NONE),
        new LeaseMetrics(restored.metrics()),
        nanoTime);
  }

  private KvService createKv() {
    return new KvService(
        consensus.gate(),
        consensus.state(),
        consensus.headers(),
        new KvService.Limits(config.limits().maxTxnOps(), config.limits().maxRequestBytes()),
        new RangeMetrics(restored.metrics(), nanoTime),
        requestMetrics,
        actors.executor());
  }

  private MemberFeature createMembers() {
    return MemberFeature.create(
        consensus,
        config.cluster().strictReconfigCheck()
            ? Optional.of(
                new StrictReconfiguration(
                    consensus.memberId(), this::connectedSinceNanos, nanoTime))
            : Optional.empty(),
        peers.leader().<LeaderPromotion>map(ForwardedPromotions::new).orElse(LeaderPromotion.NONE),
        new MemberMetrics(
            restored.metrics(), consensus.memberId(), consensus::cluster, config.featureGates()),
        setup.sources().currentMillis());
  }

  /** Without peers of etcd's kind everybody always is connected. */
  private OptionalLong connectedSinceNanos(long member) {
    return network
        .peers()
        .map(own -> own.network().activeSinceNanos(member))
        .orElseGet(() -> OptionalLong.of(nanoTime.getAsLong() - ALWAYS_NANOS));
  }

  private MaintenanceService createMaintenance() {
    return new MaintenanceService(
        consensus.gate(),
        consensus.state(),
        consensus.status(),
        consensus.headers(),
        restored.hashes(),
        new MaintenanceService.Versions(
            EtcdVersion.SERVER, EtcdVersion.STORAGE, config.storage().quotaBytes()),
        new MaintenanceMetrics(restored.metrics()),
        nanoTime,
        transfer,
        actors.blocking());
  }

  private Optional<ActorRef<AutoCompactor.Command>> createCompactor() {
    NodeConfig.Compaction settings = config.compaction();
    if (settings.retention() == 0) {
      return Optional.empty();
    }
    boolean byRevision = settings.mode() == NodeConfig.CompactionMode.REVISION;
    return Optional.of(
        actors.spawn(
            "auto-compactor",
            AutoCompactor.create(
                byRevision
                    ? () -> new RevisionRetention(settings.retention())
                    : () ->
                        new PeriodicRetention(
                            Duration.ofNanos(settings.retention()),
                            nanoTime.getAsLong(),
                            consensus.state().keys().revision()),
                consensus.gate()::proposeCompaction,
                () -> consensus.state().keys().revision(),
                nanoTime)));
  }

  private ActorRef<MemberPublisher.Command> createPublisher(Signals signals) {
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
            signals.published()));
  }

  private ActorRef<ClusterVersionMonitor.Command> createVersionMonitor() {
    return actors.spawn(
        "cluster-version-monitor",
        ClusterVersionMonitor.create(
            consensus.memberId(),
            consensus::cluster,
            peers
                .client()
                .<ClusterVersionMonitor.VersionQuestion>map(PeerVersions::new)
                .orElse(any -> CompletableFuture.completedFuture(Optional.of(ServerVersion.OURS))),
            consensus.proposer()));
  }

  private void spawnCorruptionMonitor() {
    peers
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
                    actors.blocking()))
        .ifPresent(monitor -> actors.spawn("corruption-monitor", monitor));
  }

  /** This member starts or stops to lead. */
  void onLeadership(LeadershipChange change) {
    lease.lessor().tell(new Lessor.Leadership(change));
    compactor.ifPresent(actor -> actor.tell(new AutoCompactor.Leadership(change)));
    versions.tell(new ClusterVersionMonitor.Leadership(change));
    publisher.tell(new MemberPublisher.Leadership(change));
  }

  /** It is durable whose data this is: others may hear of this member. */
  void onEstablished() {
    publisher.tell(new MemberPublisher.Established());
  }

  /** What requests go through. */
  public Consensus consensus() {
    return consensus;
  }

  /** States that leaders send. */
  public ReceivedStates received() {
    return received;
  }

  /** The state that goes to a peer with a snapshot. */
  public StateSnapshots toSend() {
    return toSend;
  }

  /** Moves leadership away. */
  public LeaderTransfer transfer() {
    return transfer;
  }

  MemberSetup.Network network() {
    return network;
  }

  RequestMetrics requestMetrics() {
    return requestMetrics;
  }

  PeerFeature peers() {
    return peers;
  }

  public KvService kv() {
    return kv;
  }

  public WatchFeature watch() {
    return watch;
  }

  public LeaseFeature lease() {
    return lease;
  }

  public LockFeature locks() {
    return locks;
  }

  public MemberFeature members() {
    return members;
  }

  public MaintenanceService maintenance() {
    return maintenance;
  }

  LeaderGuard leaderGuard() {
    return leaderGuard;
  }

  AuthService auth() {
    return auth;
  }
}
