package io.sampo.node.edge.http;

import io.sampo.gateway.EdgeSettings;
import io.sampo.gateway.HttpEdge;
import io.sampo.gateway.endpoint.Version;
import io.sampo.node.boot.EtcdVersion;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.edge.LeaderGuard;
import io.sampo.node.edge.grpc.GrpcEdge;
import io.sampo.node.edge.grpc.GrpcMetrics;
import io.sampo.node.edge.http2.Http2Settings;
import io.sampo.node.edge.http2.RequestHandler;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.server.NodeParts;
import io.sampo.node.server.NodeServices;
import io.sampo.node.server.StateMetrics;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.util.ByteString;

/** What answers on each kind of listener. */
public final class ListenerHandlers {
  private final NodeConfig config;
  private final MetricsRegistry page;
  private final Materializer materializer;
  private final GrpcEdge grpc;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> http;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> https;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> monitoring;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> version;

  public ListenerHandlers(
      ActorSystem<?> system, NodeParts parts, NodeServices services, LeaderGuard leaderGuard) {
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
    version = new Version(health);
    page = parts.metrics().registry();
    http = clientRoutes(services, health, false);
    https = clientRoutes(services, health, true);
    monitoring =
        HttpEdge.metricsRoutes(
            health, () -> ByteString.fromArrayUnsafe(page.scrape(null).body()), materializer);
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
        () -> ByteString.fromArrayUnsafe(page.scrape(null).body()),
        materializer);
  }

  /** What answers gRPC. */
  public RequestHandler grpc() {
    return grpc;
  }

  /** HTTP/2's settings on client ports. */
  public Http2Settings http2(boolean secure) {
    var keepAlive = config.keepAlive();
    return new Http2Settings(
        (int) Math.min(Integer.MAX_VALUE, config.limits().maxConcurrentStreams()),
        secure,
        new Http2Settings.KeepAliveSettings(
            keepAlive.intervalNanos(), keepAlive.timeoutNanos(), keepAlive.minTimeNanos()));
  }

  /** HTTP/1.1 on a port that has gRPC only. */
  public Function<HttpRequest, CompletionStage<HttpResponse>> nothing() {
    return request -> {
      request.discardEntityBytes(materializer);
      return CompletableFuture.completedFuture(HttpResponse.create().withStatus(404));
    };
  }

  public Function<HttpRequest, CompletionStage<HttpResponse>> version() {
    return version;
  }

  public Function<HttpRequest, CompletionStage<HttpResponse>> httpOnly(boolean secure) {
    return secure ? https : http;
  }

  public Function<HttpRequest, CompletionStage<HttpResponse>> monitoring() {
    return monitoring;
  }
}
