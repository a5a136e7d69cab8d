package io.sampo.node.server;

import com.typesafe.config.Config;
import io.sampo.node.adopt.EarlierData;
import io.sampo.node.auth.TokenProvider;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.NodeStarter;
import io.sampo.node.boot.PekkoSettings;
import io.sampo.node.boot.StartupLog;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.FeatureGates.Gate;
import io.sampo.node.bootstrap.Bootstrap;
import io.sampo.node.bootstrap.ClusterIdentity;
import io.sampo.node.bootstrap.DiscoveredCluster;
import io.sampo.node.bootstrap.InitialMembers;
import io.sampo.node.bootstrap.PeerBootstrap;
import io.sampo.node.corruption.InitialCorruptionCheck;
import io.sampo.node.corruption.InitialCorruptionCheck.DataInconsistencyException;
import io.sampo.node.corruption.PeerHashClient;
import io.sampo.node.discovery.DiscoveryService;
import io.sampo.node.discovery.srv.Dns;
import io.sampo.node.edge.ListenPorts;
import io.sampo.node.edge.Reuse;
import io.sampo.node.peer.PeerClient;
import io.sampo.node.peer.PeerIdentity;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.peer.PeerSetup;
import io.sampo.node.platform.LockedMemory;
import io.sampo.persistence.datadir.DataDirectory;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.version.EtcdVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * A node in this process, found by the boot through {@link java.util.ServiceLoader}. {@link
 * #begin}, read from top to bottom, is how it starts: the disk, the state, the member ({@link
 * Member}), the peers' ports, the clients' ports. {@link #stop} is the way back.
 */
public final class Server implements NodeStarter.RunningNode {
  private static final long STOP_SECONDS = 3;

  /** How long a call may still take when the node stops. etcd waits its request timeout. */
  private static final Duration DRAIN = Duration.ofMillis(400);

  private final NodeConfig config;
  private final SystemSources sources;
  private final ServerTls tls;
  private final ServerDisk disk;
  private final TokenProvider tokens;
  private final ServerEnd end = new ServerEnd();
  private ActorSystem<Supervisor.Command> system;
  private MemberSetup setup;
  private Member member;
  private ServerTracing tracing;
  private Ports ports;

  private Server(
      NodeConfig config,
      SystemSources sources,
      ServerTls tls,
      TokenProvider tokens,
      ServerDisk disk) {
    this.config = config;
    this.sources = sources;
    this.tls = tls;
    this.tokens = tokens;
    this.disk = disk;
  }

  /**
   * Starts a node and returns when it serves, or has ended already, for a reason that was said.
   *
   * @throws Exception as {@link NodeStarter#start}
   */
  public static NodeStarter.RunningNode start(NodeConfig config, SystemSources sources)
      throws Exception {
    Reuse reuse = Ports.reuse(config);
    for (List<EtcdUrl> urls :
        List.of(
            config.urls().listenPeer(),
            config.urls().listenClient(),
            config.urls().listenClientHttp(),
            config.urls().listenMetrics())) {
      urls.forEach(url -> ListenPorts.probe(url, reuse));
    }
    ServerTls tls = ServerTls.open(config, sources);
    if (config.storage().memoryLocked()) {
      LockedMemory.lock();
    }
    TokenProvider tokens = ServerTokens.open(config.auth(), sources);
    EarlierData.prepare(config, RestoredState.settings(config), sources);
    boolean fresh = !DataDirectory.hasIdentity(config.dataDir());
    InitialMembers members =
        fresh
            ? InitialMembers.find(config, () -> new Dns())
            : new InitialMembers(config, Optional.empty());
    Optional<ClusterIdentity> bootstrap =
        fresh ? Optional.of(ClusterIdentity.bootstrap(members.config())) : Optional.empty();
    Server server =
        new Server(
            members.config(),
            sources,
            tls.expecting(members.peerName()),
            tokens,
            ServerDisk.open(config));
    try {
      server.begin(bootstrap);
    } catch (Exception e) {
      server.abandon();
      if (!server.end.isBroken()) {
        throw e;
      }
      // It was said why; what failed on this thread only follows from that.
    }
    return server;
  }

  /**
   * @param flags who this member is by its flags; empty if its data knows it
   */
  private void begin(Optional<ClusterIdentity> flags) throws Exception {
    boolean initialized = disk.identity().isPresent();
    StartupLog.dataDirectory(config, initialized);
    StartupLog.starting(config, initialized);
    if (initialized && config.discovery().hasService()) {
      StartupLog.discoveryIgnored(config.walDir().orElse(config.memberDir().resolve("wal")));
    }
    system = ActorSystem.create(Supervisor.awaiting(), "sampo", settings());
    tracing = ServerTracing.of(config.tracing(), system);

    Bootstrap bootstrap = bootstrap(flags);
    setup = setup(bootstrap);
    StartupLog.localMember(setup.identity().memberId(), setup.identity().clusterId());
    RestoredState restored = RestoredState.of(setup);
    long threshold = config.storage().bootstrapDefragThresholdMegabytes();
    if (threshold > 0) {
      StartupLog.nothingToDefragment(restored.state().get().sizeBytes(), threshold);
    }
    checkForCorruption(restored, initialized);

    CompletableFuture<Member> assembled = new CompletableFuture<>();
    CompletableFuture<Void> published = new CompletableFuture<>();
    system.tell(
        Supervisor.begin(
            setup,
            restored,
            new Supervisor.Listener(
                assembled::complete,
                // From the first write on the journal has a history; an empty one would be lost.
                flags.map(fresh -> () -> disk.establish(bootstrap.identity())),
                () -> published.complete(null),
                end::broken)));
    member = end.orValue(assembled);
    ports = new Ports(system, setup, restored, member, tls, tracing.calls());
    ports.listenToPeers();
    end.orValue(published);
    // Now with what the log held behind the snapshot.
    checkForCorruption(restored, initialized);
    ports.listenToClients();
    StartupLog.serving(config, setup.identity().memberId());
  }

  private Config settings() throws IOException {
    return disk.journal().withFallback(PekkoSettings.load()).resolve();
  }

  /** Without data the others have to be asked. */
  private Bootstrap bootstrap(Optional<ClusterIdentity> flags)
      throws ConfigException, InterruptedException {
    return flags.isEmpty()
        ? Bootstrap.again(disk.identity().orElseThrow())
        : new PeerBootstrap(
                config,
                PeerSetup.client(system, tls.peer(), peerSettings(config))::get,
                new DiscoveredCluster(
                    () -> DiscoveryService.open(system, config.discovery(), sources.nanoTime())),
                sources.nanoTime())
            .begin(flags.get());
  }

  private MemberSetup setup(Bootstrap bootstrap) throws IOException {
    return new MemberSetup(
        config,
        sources,
        bootstrap.identity(),
        bootstrap.firstEntries(),
        disk.member(sources.nanoTime()),
        tokens,
        restored -> MemberSetup.Network.of(peers(bootstrap, restored)),
        MemberSetup.Instruments.NONE.tracing(tracing.proposals()));
  }

  private PeerSetup peers(Bootstrap bootstrap, RestoredState restored) {
    return PeerSetup.create(
        new PeerIdentity(
            bootstrap.identity().memberId(),
            bootstrap.identity().clusterId(),
            EtcdVersion.SERVER,
            PeerIdentity.MIN_CLUSTER_VERSION,
            config.urls().initialAdvertisePeer().stream().map(EtcdUrl::text).toList()),
        peerSettings(config),
        tls.peer(),
        bootstrap.known(),
        restored.metrics(),
        () -> restored.state().get().cluster(),
        sources.nanoTime());
  }

  /** Times and bounds between members, as the flags have them. */
  static PeerSettings peerSettings(NodeConfig config) {
    PeerSettings settings =
        PeerSettings.of(
            Duration.ofNanos(config.electionTimeoutByTicksNanos()),
            config.limits().maxRequestBytes());
    return settings
        .withStream(
            settings.stream()
                .withTimeouts(
                    Duration.ofNanos(config.raft().readTimeoutNanos()),
                    Duration.ofNanos(config.raft().writeTimeoutNanos())))
        .withLocalAddress(config.sockets().localAddress());
  }

  /** A member that has no data yet has nothing to compare. */
  private void checkForCorruption(RestoredState restored, boolean initialized)
      throws DataInconsistencyException, InterruptedException {
    if (initialized && config.featureGates().isEnabled(Gate.InitialCorruptCheck)) {
      Duration timeout = Duration.ofNanos(config.requestTimeoutNanos());
      PeerClient client = PeerSetup.client(system, tls.peer(), peerSettings(config));
      new InitialCorruptionCheck(
              setup.identity().memberId(),
              timeout,
              new PeerHashClient(
                  setup.identity().memberId(),
                  setup.identity().clusterId(),
                  client,
                  timeout,
                  () -> restored.state().get().cluster().memberList()))
          .run(restored.hashes().hashByRevision(restored.state().keys(), 0));
    }
  }

  private void abandon() {
    if (system != null) {
      end.beginStop();
      system.terminate();
    }
    disk.close();
  }

  @Override
  public void stop() {
    if (!end.beginStop()) {
      return;
    }
    StartupLog.closing(config);
    handOver();
    ports.drain(DRAIN);
    ports.unbind();
    member.replica().consensus().answered().requests().failAll(EtcdError.STOPPED.exception());
    member.replica().consensus().answered().changes().failAll(EtcdError.STOPPED.exception());
    member
        .replica()
        .consensus()
        .answers()
        .delivered()
        .completeOnTimeout(null, STOP_SECONDS, TimeUnit.SECONDS)
        .join();
    tracing.end().run();
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      StartupLog.fatal("the node did not stop in order", String.valueOf(e.getMessage()));
    }
    disk.close();
    StartupLog.closed(config);
    end.stopped();
  }

  /** Another member should lead before this one goes: the others need not find out by waiting. */
  private void handOver() {
    try {
      member
          .transfer()
          .handOver(member.replica().network().peers().orElseThrow().network().connected())
          .get(config.electionTimeoutByTicksNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      StartupLog.transferFailed(String.valueOf(cause.getMessage()));
    }
  }

  @Override
  public int awaitEnd() throws InterruptedException {
    return end.await();
  }
}
