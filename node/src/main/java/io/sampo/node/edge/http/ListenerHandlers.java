package io.sampo.node.edge.http;

import io.sampo.gateway.EdgeSettings;
import io.sampo.gateway.HttpEdge;
import io.sampo.gateway.LeaderRule;
import io.sampo.gateway.endpoint.Version;
import io.sampo.node.boot.EtcdVersion;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.edge.ClientProtocols;
import io.sampo.node.edge.ClientTraffic;
import io.sampo.node.edge.ConnectionProtocol;
import io.sampo.node.edge.LeaderGuard;
import io.sampo.node.edge.grpc.GrpcEdge;
import io.sampo.node.edge.grpc.GrpcMetrics;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.server.NodeParts;
import io.sampo.node.server.NodeServices;
import io.sampo.node.server.StateMetrics;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** What answers on each kind of listener. */
public final class ListenerHandlers {
  private final ActorSystem<?> system;
  private final NodeConfig config;
  private final MetricsRegistry page;
  private final LeaderRule leaderRule;
  private final Materializer materializer;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> grpc;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> http;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> https;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> monitoring;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> version;

  public ListenerHandlers(
      ActorSystem<?> system, NodeParts parts, NodeServices services, LeaderGuard leaderGuard) {
    this.system = system;
    config = parts.config();
    materializer = SystemMaterializer.get(system).materializer();
    var methods = services.methods();
    GrpcMetrics grpcMetrics =
        new GrpcMetrics(parts.metrics().registry(), methods, config.http().extensiveMetrics());
    grpc =
        new GrpcEdge(
            methods,
            new GrpcEdge.Settings(
                config.limits().maxReceivedMessageBytes(), services::refusal, leaderGuard),
            grpcMetrics,
            materializer,
            system.scheduler(),
            system.executionContext(),
            parts.sources().nanoTime());
    StateMetrics.register(parts.metrics().registry(), parts, services::pendingProposals);
    var health =
        new NodeHealth(
            parts.state(),
            parts.status(),
            services.kv(),
            EtcdVersion.SERVER,
            EtcdVersion.STORAGE,
            parts.metrics().server(),
            () -> ServerVariables.of(parts));
    leaderRule = leaderRule(parts, leaderGuard);
    version = new Version(health);
    page = parts.metrics().registry();
    http = clientRoutes(services, health, false);
    https = clientRoutes(services, health, true);
    monitoring =
        HttpEdge.metricsRoutes(
            health, () -> ByteString.fromArrayUnsafe(page.scrape(null).body()), materializer);
  }

  private static LeaderRule leaderRule(NodeParts parts, LeaderGuard guard) {
    return new LeaderRule() {
      @Override
      public boolean hasLeader() {
        return parts.status().get().leaderId() != 0;
      }

      @Override
      public <T> Flow<T, T, NotUsed> whileLed() {
        return guard.flow();
      }
    };
  }

  private Function<HttpRequest, CompletionStage<HttpResponse>> clientRoutes(
      NodeServices services, NodeHealth health, boolean secure) {
    return HttpEdge.clientRoutes(
        new EdgeSettings(
            config.http().enableGrpcGateway(),
            Set.copyOf(config.http().cors()),
            Set.copyOf(config.http().hostWhitelist()),
            secure,
            secure && config.security().client().clientCertAuth(),
            config.limits().maxReceivedMessageBytes()),
        services.bindings(),
        health,
        leaderRule,
        () -> ByteString.fromArrayUnsafe(page.scrape(null).body()),
        materializer);
  }

  public ClientProtocols everything(boolean secure) {
    return new ClientProtocols(
        Optional.of(http1(secure)),
        Optional.of(http2(new ClientTraffic(grpc, routes(secure), secure))));
  }

  public ClientProtocols grpcOnly() {
    return new ClientProtocols(
        Optional.empty(),
        Optional.of(
            http2(
                new ClientTraffic(
                    grpc,
                    request -> {
                      request.discardEntityBytes(materializer);
                      return CompletableFuture.completedFuture(
                          HttpResponse.create().withStatus(404));
                    },
                    false))));
  }

  public ClientProtocols httpOnly(boolean secure) {
    return new ClientProtocols(
        Optional.of(http1(secure)), secure ? Optional.of(http2(routes(true))) : Optional.empty());
  }

  private ConnectionProtocol http1(boolean secure) {
    return new Http1(
        system,
        Http1Settings.clients(ServerSettings.create(Adapter.toClassic(system))),
        routes(secure));
  }

  private ConnectionProtocol http2(Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    return new PekkoHttp2(system, handler);
  }

  public Function<HttpRequest, CompletionStage<HttpResponse>> version() {
    return version;
  }

  private Function<HttpRequest, CompletionStage<HttpResponse>> routes(boolean secure) {
    return secure ? https : http;
  }

  public Function<HttpRequest, CompletionStage<HttpResponse>> monitoring() {
    return monitoring;
  }
}
