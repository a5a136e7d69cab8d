package io.sampo.node.server;

import io.sampo.gateway.HttpEdge;
import io.sampo.gateway.endpoint.EdgeSettings;
import io.sampo.gateway.endpoint.Version;
import io.sampo.gateway.transcode.AnswerThreads;
import io.sampo.gateway.transcode.ClientGone;
import io.sampo.gateway.transcode.LeaderRule;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.StartupLog;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.edge.AnswerMemory;
import io.sampo.node.edge.ClientProtocols;
import io.sampo.node.edge.Connection;
import io.sampo.node.edge.ConnectionAttributes;
import io.sampo.node.edge.ConnectionProtocol;
import io.sampo.node.edge.ListenAddress;
import io.sampo.node.edge.Reuse;
import io.sampo.node.edge.grpc.CallTracer;
import io.sampo.node.edge.grpc.GrpcEdge;
import io.sampo.node.edge.grpc.GrpcListener;
import io.sampo.node.edge.grpc.GrpcMethod;
import io.sampo.node.edge.grpc.GrpcMetrics;
import io.sampo.node.edge.http.Http1;
import io.sampo.node.edge.http.Http1Settings;
import io.sampo.node.edge.http2.ConnectionDrain;
import io.sampo.node.edge.http2.GrpcOrHttp;
import io.sampo.node.edge.http2.Http2Connection;
import io.sampo.node.edge.http2.Http2Settings;
import io.sampo.node.edge.http2.HttpBridge;
import io.sampo.node.edge.http2.RequestHandler;
import io.sampo.node.maintenance.EventLogs;
import io.sampo.node.maintenance.HealthMetrics;
import io.sampo.node.maintenance.NodeHealth;
import io.sampo.node.maintenance.ProfilePages;
import io.sampo.node.maintenance.RequestTraces;
import io.sampo.node.maintenance.ServerVariables;
import io.sampo.node.metrics.ProcessFamilies;
import io.sampo.node.peer.PeerSetup;
import io.sampo.node.peer.http.PeerAnswers;
import io.sampo.node.peer.http.PeerRoutes;
import io.sampo.node.request.RequestStats;
import io.sampo.protocol.version.EtcdVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** The ports of a node, and what answers on each. Used by the starting and the stopping thread. */
final class Ports {
  /** After those who do not read, while others have no room for their answers. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final MemberSetup setup;
  private final Member member;
  private final RestoredState restored;
  private final ServerTls tls;
  private final NodeConfig config;
  private final Services services;
  private final List<GrpcMethod> methods;
  private final GrpcListener calls;
  private final RequestStats requestStats;
  private final GatewayCalls gatewayCalls;
  private final Listeners listeners;
  private final Materializer materializer;
  private final NodeHealth health;
  private final AnswerMemory memory;

  /** For those who look into a running node; by their paths. */
  private final Map<String, Function<HttpRequest, CompletionStage<HttpResponse>>> pages =
      new TreeMap<>();

  /** Null where nothing is traced. */
  private final CallTracer tracer;

  Ports(
      ActorSystem<?> system,
      MemberSetup setup,
      RestoredState restored,
      Member member,
      ServerTls tls,
      CallTracer tracer) {
    this.system = system;
    this.tracer = tracer;
    this.setup = setup;
    this.member = member;
    this.restored = restored;
    this.tls = tls;
    this.config = setup.config();
    this.services = new Services(member);
    this.methods = services.methods();
    GrpcMetrics grpcMetrics =
        new GrpcMetrics(restored.metrics(), methods, config.http().extensiveMetrics());
    if (config.http().profiles()) {
      pages.put(
          ProfilePages.PATH,
          new ProfilePages(system.dispatchers().lookup(DispatcherSelector.blocking())));
    }
    if (config.http().requests()) {
      RequestTraces traces = new RequestTraces(grpcMetrics, setup.sources().currentMillis());
      pages.put(RequestTraces.PATH, traces);
      pages.put(EventLogs.PATH, new EventLogs());
      this.calls = traces;
    } else {
      this.calls = grpcMetrics;
    }
    this.requestStats =
        new RequestStats(
            config.timing().warningUnaryRequestDurationNanos(), setup.sources().currentMillis());
    this.gatewayCalls =
        new GatewayCalls(
            methods,
            calls,
            requestStats,
            setup.sources().nanoTime(),
            tracer,
            tracer == null ? null : GatewayCalls.local(config.urls().listenClient()));
    this.listeners = new Listeners(system, reuse(config));
    this.materializer = SystemMaterializer.get(system).materializer();
    this.health =
        new NodeHealth(
            restored.state(),
            restored.status(),
            restored.raftMetrics()::isWriteLate,
            request -> member.kv().rangeEncoded(request, null),
            EtcdVersion.SERVER,
            new HealthMetrics(restored.metrics()),
            () -> ServerVariables.of(restored.status().get()));
    this.memory = AnswerMemory.ofHeap(Runtime.getRuntime().maxMemory(), setup.sources().nanoTime());
    ProcessFamilies.register(restored.metrics());
  }

  /** How TCP ports are taken, those of peers too. */
  static Reuse reuse(NodeConfig config) {
    return new Reuse(config.sockets().reusePort(), config.sockets().reuseAddress());
  }

  /** Before anything else: without its peers a member cannot even know who leads. */
  void listenToPeers() throws InterruptedException {
    PeerSetup peers = member.replica().network().peers().orElseThrow();
    PeerRoutes routes =
        new PeerRoutes(
            peers.network(),
            new PeerRoutes.Environment(
                peers.settings(),
                member.replica().received(),
                new PeerAnswers(
                    peers,
                    restored.state(),
                    member.replica().consensus().gate(),
                    member.members().changes(),
                    member.access(),
                    member.lease().leases(),
                    restored.hashes(),
                    member.longWork().executor()),
                new Version(health),
                setup.sources().nanoTime(),
                setup.sources().currentMillis()),
            materializer);
    for (EtcdUrl url : config.urls().listenPeer()) {
      listeners.bindPeer(url, peers.settings(), tls.peer(), routes);
      StartupLog.servingPeers(url);
    }
  }

  /** Serves clients from now on, and who scrapes the metrics. */
  void listenToClients() throws InterruptedException {
    GrpcEdge grpc = grpc();
    system
        .scheduler()
        .scheduleWithFixedDelay(
            BETWEEN_LOOKS, BETWEEN_LOOKS, memory::look, system.executionContext());
    boolean apart = !config.urls().listenClientHttp().isEmpty();
    for (ListenAddress address : ListenAddress.of(config.urls().listenClient())) {
      if (apart) {
        ClientProtocols protocols = grpcOnly(grpc);
        listeners.bind(address.ofGrpcAlone(), tls.client(), protocols, protocols);
      } else {
        listeners.bind(address, tls.client(), everything(false, grpc), everything(true, grpc));
      }
      StartupLog.readyToServe(address, true, !apart);
    }
    for (ListenAddress address : ListenAddress.of(config.urls().listenClientHttp())) {
      listeners.bind(address, tls.client(), httpOnly(false), httpOnly(true));
      StartupLog.readyToServe(address, false, true);
    }
    for (EtcdUrl url : config.urls().listenMetrics()) {
      listeners.bindMetrics(
          url, tls.client(), HttpEdge.metricsRoutes(health, this::metrics, materializer));
    }
  }

  /** See {@link Listeners#drain}. */
  void drain(Duration patience) {
    listeners.drain(patience);
  }

  /** See {@link Listeners#unbind}. */
  void unbind() {
    listeners.unbind();
  }

  /** Without TLS, HTTP/2 is gRPC whatever is asked; with it the content type tells, as in etcd. */
  private ClientProtocols everything(boolean secure, GrpcEdge grpc) {
    var routes = clientRoutes(secure);
    return new ClientProtocols(
        Optional.of(http1(routes)),
        Optional.of(
            secure
                ? http2(
                    true,
                    of -> new GrpcOrHttp(grpc.of(of::clientName, of.local()), bridge(routes, of)))
                : http2(false, of -> plain(grpc, of))));
  }

  /** Nothing has to be known of a connection without TLS, unless spans say where it came in. */
  private RequestHandler plain(GrpcEdge grpc, Connection connection) {
    return tracer == null ? grpc : grpc.of(Optional::empty, connection.local());
  }

  private ClientProtocols grpcOnly(GrpcEdge grpc) {
    return new ClientProtocols(
        Optional.empty(), Optional.of(http2(false, of -> grpc.of(of::clientName, of.local()))));
  }

  private ClientProtocols httpOnly(boolean secure) {
    var routes = clientRoutes(secure);
    return new ClientProtocols(
        Optional.of(http1(routes)),
        secure ? Optional.of(http2(true, of -> bridge(routes, of))) : Optional.empty());
  }

  private ConnectionProtocol http1(Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    return new Http1(
        system,
        Http1Settings.clients(ServerSettings.create(Adapter.toClassic(system))),
        memory,
        routes);
  }

  /**
   * @param strict whether net/http serves it in etcd; gRPC alone is served by grpc-go, TLS or not
   */
  static Http2Settings http2Settings(NodeConfig config, boolean strict) {
    var keepAlive = config.keepAlive();
    return new Http2Settings(
        (int) Math.min(Integer.MAX_VALUE, config.limits().maxConcurrentStreams()),
        strict,
        new Http2Settings.KeepAliveSettings(
            keepAlive.intervalNanos(), keepAlive.timeoutNanos(), keepAlive.minTimeNanos()));
  }

  private ConnectionProtocol http2(boolean strict, Function<Connection, RequestHandler> handler) {
    Http2Settings settings = http2Settings(config, strict);
    return connection -> {
      ConnectionDrain drain = new ConnectionDrain();
      connection.onDrain(drain::drain);
      return Flow.fromGraph(
          new Http2Connection(
              settings,
              handler.apply(connection),
              drain,
              connection.remote(),
              memory,
              setup.sources().nanoTime()));
    };
  }

  private HttpBridge bridge(
      Function<HttpRequest, CompletionStage<HttpResponse>> routes, Connection connection) {
    return new HttpBridge(
        routes,
        (request, gone) ->
            ClientGone.attach(ConnectionAttributes.attach(request, connection), gone),
        setup.sources().currentMillis());
  }

  private GrpcEdge grpc() {
    return new GrpcEdge(
        methods,
        new GrpcEdge.Settings(
            config.limits().maxReceivedMessageBytes(),
            services::refusal,
            member.leaderGuard(),
            member.longWork(),
            Set.copyOf(config.http().cors()),
            requestStats,
            tracer),
        calls,
        setup.sources().nanoTime());
  }

  private Function<HttpRequest, CompletionStage<HttpResponse>> clientRoutes(boolean secure) {
    return HttpEdge.clientRoutes(
        new EdgeSettings(
            config.http().enableGrpcGateway(),
            Set.copyOf(config.http().cors()),
            Set.copyOf(config.http().hostWhitelist()),
            secure,
            secure && config.security().client().clientCertAuth(),
            config.limits().maxReceivedMessageBytes()),
        services.bindings(gatewayCalls),
        health,
        leaderRule(),
        new AnswerThreads(member.clientThreads(), member.longWork().executor()),
        this::metrics,
        pages,
        materializer);
  }

  private ByteString metrics() {
    return ByteString.fromArrayUnsafe(restored.metrics().scrape());
  }

  private LeaderRule leaderRule() {
    return new LeaderRule() {
      @Override
      public boolean hasLeader() {
        return restored.status().get().leaderId() != 0;
      }

      @Override
      public <T> Flow<T, T, NotUsed> whileLed() {
        return member.leaderGuard().flow();
      }
    };
  }
}
