package io.sampo.gateway;

import io.sampo.gateway.endpoint.AccessControl;
import io.sampo.gateway.endpoint.Checks;
import io.sampo.gateway.endpoint.DebugVariables;
import io.sampo.gateway.endpoint.EdgeSettings;
import io.sampo.gateway.endpoint.Health;
import io.sampo.gateway.endpoint.Metrics;
import io.sampo.gateway.endpoint.NodeProbes;
import io.sampo.gateway.endpoint.PathMux;
import io.sampo.gateway.endpoint.Version;
import io.sampo.gateway.transcode.AnswerThreads;
import io.sampo.gateway.transcode.JsonGateway;
import io.sampo.gateway.transcode.LeaderRule;
import io.sampo.gateway.transcode.ServiceBinding;
import io.sampo.gateway.transcode.WebSocketProxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;

/** The two compositions of handlers that etcd's ports have. */
public final class HttpEdge {
  private HttpEdge() {}

  /**
   * Everything that a client listener answers besides gRPC.
   *
   * @param threads write the gateway's answers
   * @param metrics the Prometheus text (version 0.0.4) at the time of the call
   * @param pages more pages by their paths; one whose path ends with a slash answers below it too
   * @throws IllegalArgumentException if a service does not fit its descriptor
   */
  public static Function<HttpRequest, CompletionStage<HttpResponse>> clientRoutes(
      EdgeSettings settings,
      List<ServiceBinding> services,
      NodeProbes probes,
      LeaderRule leaderRule,
      AnswerThreads threads,
      Supplier<ByteString> metrics,
      Map<String, Function<HttpRequest, CompletionStage<HttpResponse>>> pages,
      Materializer materializer) {
    PathMux mux = new PathMux(materializer);
    addMonitoring(mux, probes, metrics);
    pages.forEach(
        (path, page) -> {
          if (path.endsWith("/")) {
            mux.handleBelow(path, page);
          } else {
            mux.handle(path, page);
          }
        });
    mux.handle("/version", new Version(probes));
    mux.handle("/debug/vars", new DebugVariables(probes));
    if (settings.gateway()) {
      JsonGateway gateway =
          new JsonGateway(services, settings.maxMessageBytes(), leaderRule, threads, materializer);
      mux.handleBelow("/v3/", new WebSocketProxy(gateway));
    }
    return new AccessControl(settings, probes, mux, materializer);
  }

  /** What a listener of {@code --listen-metrics-urls} answers. */
  public static Function<HttpRequest, CompletionStage<HttpResponse>> metricsRoutes(
      NodeProbes probes, Supplier<ByteString> metrics, Materializer materializer) {
    PathMux mux = new PathMux(materializer);
    addMonitoring(mux, probes, metrics);
    return mux;
  }

  private static void addMonitoring(PathMux mux, NodeProbes probes, Supplier<ByteString> metrics) {
    mux.handle("/metrics", new Metrics(metrics));
    mux.handle("/health", new Health(probes));
    Checks.livez(probes).addTo(mux);
    Checks.readyz(probes).addTo(mux);
  }
}
