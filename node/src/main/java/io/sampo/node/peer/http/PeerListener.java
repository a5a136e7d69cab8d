package io.sampo.node.peer.http;

import io.sampo.node.peer.PeerSettings;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import scala.concurrent.duration.Duration;

/** The socket that peers reach: HTTP/1.1 only, with bounds for those who are no peers. */
public final class PeerListener {
  /** Streams say something every second or two; a state that is being stored may take longer. */
  private static final Duration IDLE = Duration.create(60, TimeUnit.SECONDS);

  private static final int MAX_CONNECTIONS = 1024;

  private PeerListener() {}

  /**
   * Binds and answers from then on.
   *
   * @param tls absent for plain HTTP
   */
  public static CompletionStage<ServerBinding> bind(
      ActorSystem<?> system,
      String host,
      int port,
      Optional<HttpsConnectionContext> tls,
      PeerSettings settings,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    ServerBuilder builder =
        Http.get(system)
            .newServerAt(host, port)
            .adaptSettings(defaults -> adapt(defaults, settings));
    org.apache.pekko.japi.function.Function<HttpRequest, CompletionStage<HttpResponse>> handler =
        routes::apply;
    return tls.map(builder::enableHttps).orElse(builder).bind(handler);
  }

  private static ServerSettings adapt(ServerSettings defaults, PeerSettings settings) {
    return defaults
        .withEnableHttp2(false)
        .withMaxConnections(MAX_CONNECTIONS)
        .withPipeliningLimit(1)
        .withTimeouts(
            defaults.getTimeouts().withIdleTimeout(IDLE).withRequestTimeout(Duration.Inf()))
        .withParserSettings(
            defaults
                .getParserSettings()
                .withMaxChunkSize(settings.stream().frameBytes() + Long.BYTES));
  }
}
