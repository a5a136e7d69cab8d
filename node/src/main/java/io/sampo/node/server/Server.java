package io.sampo.node.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.sampo.node.adopt.EarlierData;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.NodeStarter;
import io.sampo.node.boot.PekkoSettings;
import io.sampo.node.boot.StartupLog;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.FeatureGates;
import io.sampo.node.bootstrap.Bootstrap;
import io.sampo.node.bootstrap.ClusterIdentity;
import io.sampo.node.bootstrap.PeerBootstrap;
import io.sampo.node.corruption.CorruptionChecks;
import io.sampo.node.corruption.InitialCorruptionCheck;
import io.sampo.node.edge.ListenPorts;
import io.sampo.node.edge.Listeners;
import io.sampo.node.edge.http.ListenerHandlers;
import io.sampo.node.edge.http2.Http2Connection;
import io.sampo.node.lease.Leases;
import io.sampo.node.member.RemovedMemberException;
import io.sampo.node.peer.PeerNetwork;
import io.sampo.node.peer.http.PeerAnswers;
import io.sampo.node.peer.http.PeerRoutes;
import io.sampo.persistence.datadir.DataDirectory;
import io.sampo.persistence.log.JournalSettings;
import io.sampo.persistence.log.LevelDbJournal;
import io.sampo.protocol.error.EtcdError;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.SystemMaterializer;

/** A node in this process: found by the boot through {@link java.util.ServiceLoader}. */
public final class Server implements NodeStarter {
  private static final long STOP_SECONDS = 3;

  /** How long a call may still take when the node stops. etcd waits its request timeout. */
  private static final Duration DRAIN = Duration.ofMillis(400);

  /** Pekko HTTP wants a byte of the connection's receive buffer for each stream it allows. */
  private static final long MAX_STREAMS = 1_000_000;

  /** What etcd means by no limit: the largest number that HTTP/2 can say. */
  private static final long NO_LIMIT = 0xffff_ffffL;

  /**
   * Pekko HTTP gives every connection a table with 16 bytes for each stream it allows, used or not:
   * a million of them are 16 MB a connection. So the limit is a million only for those who ask.
   */
  private static final long USUAL_STREAMS = 8_192;

  @Override
  public RunningNode start(NodeConfig config) throws Exception {
    return start(config, SystemSources.real());
  }

  public static RunningNode start(NodeConfig config, SystemSources sources) throws Exception {
    config.urls().listenPeer().forEach(ListenPorts::probe);
    config.urls().listenClient().forEach(ListenPorts::probe);
    config.urls().listenClientHttp().forEach(ListenPorts::probe);
    config.urls().listenMetrics().forEach(ListenPorts::probe);
    NodeTls tls = NodeTls.open(config, sources);
    EarlierData.prepare(config, sources);
    Optional<ClusterIdentity> bootstrap = Assembly.bootstrap(config);
    DataDirectory directory = DataDirectory.open(config.dataDir(), config.walDir());
    Running node = new Running(config, directory, tls);
    try {
      node.start(bootstrap, sources);
      return node;
    } catch (RemovedMemberException e) {
      node.abandon();
      return node;
    } catch (Exception e) {
      node.abandon();
      if (node.broken.isDone()) {
        // It was said why; what failed on this thread only follows from that.
        return node;
      }
      throw e;
    }
  }

  /** The streams a connection may have open for what the flag asks; 0 is no limit to grpc-go. */
  static long streams(long asked) {
    return asked == 0 || asked == NO_LIMIT ? USUAL_STREAMS : Math.min(MAX_STREAMS, asked);
  }

  private static final class Running implements RunningNode {
    private final NodeConfig config;
    private final DataDirectory directory;
    private final NodeTls tls;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final CompletableFuture<Throwable> broken = new CompletableFuture<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private ActorSystem<Supervisor.Command> system;
    private Listeners listeners;
    private NodeRooms rooms;
    private PeerNetwork network;

    Running(NodeConfig config, DataDirectory directory, NodeTls tls) {
      this.config = config;
      this.directory = directory;
      this.tls = tls;
    }

    void start(Optional<ClusterIdentity> bootstrap, SystemSources sources) throws Exception {
      boolean initialized = directory.identity().isPresent();
      StartupLog.dataDirectory(config, initialized);
      StartupLog.starting(config, initialized);
      JournalSettings journal =
          JournalSettings.of(
              directory.journal(), !config.storage().unsafeNoFsync(), directory.nativeLibraries());
      LevelDbJournal.check(journal);
      system = ActorSystem.create(Supervisor.awaiting(), "sampo", settings(journal));
      Bootstrap beginning = begin(bootstrap);
      NodeParts parts = Assembly.parts(config, beginning, directory, journal, sources, tls);
      StartupLog.localMember(parts.memberId(), parts.clusterId());
      if (initialized) {
        checkForCorruption(parts);
      }
      CompletableFuture<NodeRooms> assembled = new CompletableFuture<>();
      CompletableFuture<Void> running = new CompletableFuture<>();
      // From the first write on the journal has a history, and an empty one would be a lost one.
      Optional<Runnable> establish =
          bootstrap.map(fresh -> () -> directory.establish(parts.identity()));
      system.tell(
          Supervisor.begin(
              parts, new Supervisor.Life(assembled, establish, running, this::onBroken)));
      listeners = new Listeners(system);
      rooms = untilBroken(assembled);
      network = parts.peers().orElseThrow().network();
      NodeServices services = new NodeServices(system, parts, rooms);
      var handlers = new ListenerHandlers(system, parts, services, rooms.leaderGuard());
      listenToPeers(parts, handlers.version());
      untilBroken(running);
      if (initialized) {
        // Now with what the log held behind the snapshot.
        checkForCorruption(parts);
      }
      listen(handlers, sources.nanoTime());
      StartupLog.serving(config, parts.memberId());
    }

    /** Without data the others have to be asked. */
    private Bootstrap begin(Optional<ClusterIdentity> flags)
        throws ConfigException, InterruptedException {
      return flags.isEmpty()
          ? Bootstrap.again(directory.identity().orElseThrow())
          : new PeerBootstrap(
                  config, PeerParts.client(system, tls.peer(), Assembly.peerSettings(config)))
              .begin(flags.get());
    }

    /** A member that has no data yet has nothing to compare. */
    private void checkForCorruption(NodeParts parts)
        throws InitialCorruptionCheck.DataInconsistencyException, InterruptedException {
      if (!config.featureGates().isEnabled(FeatureGates.Gate.InitialCorruptCheck)) {
        return;
      }
      new InitialCorruptionCheck(
              parts.memberId(),
              Duration.ofNanos(config.requestTimeoutNanos()),
              CorruptionChecks.questions(parts, parts.peers().orElseThrow().client(system)))
          .run(parts.hashes().hashByRevision(parts.state().keys(), 0));
    }

    private Config settings(JournalSettings journal) {
      long streams = streams(config.limits().maxConcurrentStreams());
      Config own =
          ConfigFactory.empty()
              .withValue(
                  "pekko.http.server.http2.max-concurrent-streams",
                  ConfigValueFactory.fromAnyRef(streams));
      return own.withFallback(LevelDbJournal.config(journal))
          .withFallback(PekkoSettings.load())
          .resolve();
    }

    /** Before anything else: without its peers a member cannot even know who leads. */
    private void listenToPeers(
        NodeParts parts, Function<HttpRequest, CompletionStage<HttpResponse>> version)
        throws InterruptedException {
      PeerParts peers = parts.peers().orElseThrow();
      PeerRoutes routes =
          new PeerRoutes(
              peers.network(),
              new PeerRoutes.Environment(
                  peers.settings(),
                  rooms.states(),
                  new PeerAnswers(
                      peers,
                      parts.state(),
                      rooms.gate(),
                      rooms.members(),
                      new Leases(rooms.lessor()),
                      parts.hashes(),
                      system.dispatchers().lookup(DispatcherSelector.blocking())),
                  version,
                  parts.sources().nanoTime(),
                  parts.sources().currentMillis()),
              SystemMaterializer.get(system).materializer());
      for (EtcdUrl url : config.urls().listenPeer()) {
        listeners.bindPeer(url, peers.settings(), tls.peer(), routes);
        StartupLog.servingPeers(url);
      }
    }

    private void listen(ListenerHandlers handlers, LongSupplier nanoTime)
        throws InterruptedException {
      boolean apart = !config.urls().listenClientHttp().isEmpty();
      for (EtcdUrl url : config.urls().listenClient()) {
        listeners.bindClient(
            url,
            tls.client(),
            apart ? handlers.nothing() : handlers.httpOnly(url.isSecure()),
            new Http2Connection(
                handlers.http2(url.isSecure()), handlers.grpc(), listeners.http2(), nanoTime));
        StartupLog.readyToServe(url, true, !apart);
      }
      for (EtcdUrl url : config.urls().listenClientHttp()) {
        listeners.bind(url, tls.client(), handlers.httpOnly(url.isSecure()));
        StartupLog.readyToServe(url, false, true);
      }
      for (EtcdUrl url : config.urls().listenMetrics()) {
        listeners.bindMetrics(url, tls.client(), handlers.monitoring());
      }
    }

    /** The future's value, unless the node breaks first. */
    private <T> T untilBroken(CompletableFuture<T> future) throws Exception {
      CompletableFuture.anyOf(future, broken).get();
      if (broken.isDone()) {
        Throwable cause = broken.get();
        throw cause instanceof Exception e ? e : new IllegalStateException(cause);
      }
      return future.get();
    }

    private void onBroken(Throwable cause) {
      if (stopping.get() || !broken.complete(cause)) {
        return;
      }
      if (cause instanceof RemovedMemberException) {
        StartupLog.removed(cause.getMessage());
        ended.complete(0);
        return;
      }
      StartupLog.fatal("the node cannot go on", String.valueOf(cause.getMessage()));
      ended.complete(1);
    }

    void abandon() {
      if (system != null) {
        stopping.set(true);
        system.terminate();
      }
      directory.close();
    }

    @Override
    public void stop() {
      if (!stopping.compareAndSet(false, true)) {
        return;
      }
      StartupLog.closing(config);
      handOver();
      listeners.drain(DRAIN);
      listeners.unbind();
      rooms.pending().failAll(EtcdError.STOPPED.exception());
      rooms.pendingChanges().failAll(EtcdError.STOPPED.exception());
      system.terminate();
      try {
        system.getWhenTerminated().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        StartupLog.fatal("the node did not stop in order", String.valueOf(e.getMessage()));
      }
      directory.close();
      StartupLog.closed(config);
      ended.complete(0);
    }

    /** Another member should lead before this one goes: the others need not find out by waiting. */
    private void handOver() {
      try {
        rooms
            .transfer()
            .handOver(network.connected())
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
      try {
        return ended.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the end of a node has a code and no failure", e);
      }
    }
  }
}
