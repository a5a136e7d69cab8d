package io.sampo.node.server;

import io.sampo.node.auth.AccessGate;
import io.sampo.node.auth.AuthService;
import io.sampo.node.auth.Authentication;
import io.sampo.node.auth.Callers;
import io.sampo.node.auth.PasswordHashes;
import io.sampo.node.auth.TokenProvider;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.FeatureGates.Gate;
import io.sampo.node.dispatch.Actors;
import io.sampo.node.edge.LeaderGuard;
import io.sampo.node.edge.LongWork;
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
import io.sampo.node.member.ForwardedPromotions;
import io.sampo.node.member.LeaderPromotion;
import io.sampo.node.member.MemberFeature;
import io.sampo.node.member.MemberMetrics;
import io.sampo.node.member.MemberPublisher;
import io.sampo.node.member.StrictReconfiguration;
import io.sampo.node.member.VersionGuard;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.request.Consensus;
import io.sampo.node.watch.HubSubscription;
import io.sampo.node.watch.WatchFeature;
import io.sampo.node.watch.WatchMetrics;
import io.sampo.node.watch.WatchSettings;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.version.EtcdVersion;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A member without its ports: the replica and the features above it. The constructor, read from top
 * to bottom, is the order in which the parts are made: each knows only those above it. What becomes
 * of the state reaches them as events, to which they subscribe at the end.
 */
public final class Member {
  private static final long ALWAYS_NANOS = Duration.ofHours(1).toNanos();

  /**
   * Who is told of what happens to a member.
   *
   * @param logBegun the log has written something since the start; on Raft's thread
   * @param leadership on Raft's thread
   * @param published the cluster knows what this member says of itself
   * @param removed the log says that this member is removed; on the applier's thread
   * @param refusedAsRemoved a peer says so, perhaps often; on any thread
   * @param failed why the member cannot go on; on any thread
   */
  record Signals(
      Runnable logBegun,
      Consumer<LeadershipChange> leadership,
      ActorRef<MemberPublisher.Published> published,
      Runnable removed,
      Runnable refusedAsRemoved,
      Consumer<Throwable> failed) {}

  private final Actors actors;
  private final MemberSetup setup;
  private final RestoredState restored;
  private final NodeConfig config;
  private final LongSupplier nanoTime;

  private final Replica replica;
  private final Consensus consensus;
  private final AccessGate access;
  private final WatchFeature watch;
  private final LeaseFeature lease;
  private final LongWork longWork;
  private final KvService kv;
  private final LockFeature locks;
  private final MemberFeature members;
  private final LeaderTransfer transfer;
  private final MaintenanceService maintenance;
  private final PasswordHashes passwords;
  private final AuthService auth;
  private final Monitors monitors;
  private final LeaderGuard leaderGuard;

  Member(Actors actors, MemberSetup setup, RestoredState restored, Signals signals) {
    this.actors = actors;
    this.setup = setup;
    this.restored = restored;
    this.config = setup.config();
    this.nanoTime = setup.sources().nanoTime();

    longWork = new LongWork(actors.longWork());
    replica = new Replica(actors, setup, restored, signals);
    consensus = replica.consensus();
    access =
        new AccessGate(
            consensus.gate(),
            consensus.state(),
            new Callers(
                consensus.state(), setup.tokens(), config.security().client().clientCertAuth()));
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
    passwords =
        new PasswordHashes(
            config.auth().bcryptCost(), setup.sources().secrets(), actors.passwords());
    auth =
        new AuthService(
            access,
            new Authentication(consensus.gate(), consensus.state(), setup.tokens(), passwords),
            passwords,
            consensus.headers());
    monitors = new Monitors(actors, setup, restored, replica, signals.published());
    leaderGuard = new LeaderGuard(() -> consensus.status().get().leaderId() != 0);
    actors.spawn(
        "leader-guard",
        leaderGuard.looking(Duration.ofNanos(config.electionTimeoutByTicksNanos())));

    replica.subscribe(new HubSubscription(watch.hub(), consensus.state()));
    replica.subscribe(Lessor.subscription(lease.lessor()));
    replica.subscribe(new VersionGuard(consensus::cluster, signals.failed()));
    replica.begin();
  }

  private WatchFeature createWatch() {
    return WatchFeature.create(
        actors,
        consensus,
        access,
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
        access,
        LeaseSettings.of(
            Duration.ofNanos(config.electionTimeoutByTicksNanos()),
            Duration.ofNanos(config.requestTimeoutNanos()),
            config.featureGates().isEnabled(Gate.LeaseCheckpoint)),
        replica.peers().leader().<LeaderLeases>map(ForwardedLeases::new).orElse(LeaderLeases.NONE),
        new LeaseMetrics(restored.metrics()),
        nanoTime,
        restored.raftMetrics()::isActive);
  }

  private KvService createKv() {
    return new KvService(
        consensus.gate(),
        access,
        consensus.state(),
        consensus.headers(),
        new KvService.Limits(
            config.limits().maxTxnOps(),
            config.limits().maxRequestBytes(),
            SendLimit.ofHeap(Runtime.getRuntime().maxMemory())),
        new RangeMetrics(restored.metrics(), nanoTime, replica.slowApplies()),
        replica.requestMetrics(),
        longWork);
  }

  private MemberFeature createMembers() {
    return MemberFeature.create(
        consensus,
        access,
        config.cluster().strictReconfigCheck()
            ? Optional.of(
                new StrictReconfiguration(
                    consensus.memberId(), this::connectedSinceNanos, nanoTime))
            : Optional.empty(),
        replica
            .peers()
            .leader()
            .<LeaderPromotion>map(ForwardedPromotions::new)
            .orElse(LeaderPromotion.NONE),
        new MemberMetrics(
            restored.metrics(), consensus.memberId(), consensus::cluster, config.featureGates()),
        setup.sources().currentMillis());
  }

  /** Without peers of etcd's kind everybody always is connected. */
  private OptionalLong connectedSinceNanos(long member) {
    return replica
        .network()
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
        new MaintenanceService.Versions(EtcdVersion.SERVER, config.storage().quotaBytes()),
        new MaintenanceMetrics(restored.metrics()),
        nanoTime,
        transfer,
        longWork);
  }

  /** This member starts or stops to lead. */
  void onLeadership(LeadershipChange change) {
    lease.lessor().tell(new Lessor.Leadership(change));
    monitors.onLeadership(change);
  }

  /** It is durable whose data this is: others may hear of this member. */
  void onEstablished() {
    monitors.onEstablished();
  }

  /** What the features stand on. */
  public Replica replica() {
    return replica;
  }

  /** Moves leadership away. */
  public LeaderTransfer transfer() {
    return transfer;
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

  /** Where that is done which a client can make long. */
  LongWork longWork() {
    return longWork;
  }

  /** For short steps that a client causes. */
  Executor clientThreads() {
    return actors.clients();
  }

  LeaderGuard leaderGuard() {
    return leaderGuard;
  }

  /** Passwords of users, hashed on threads of their own. */
  public PasswordHashes passwords() {
    return passwords;
  }

  /** Tokens of users. */
  public TokenProvider tokens() {
    return setup.tokens();
  }

  /** Who may do what. */
  AccessGate access() {
    return access;
  }

  AuthService auth() {
    return auth;
  }
}
