package io.sampo.node.peer.http;

import io.sampo.node.edge.http.HttpsListener;
import io.sampo.node.edge.http.RequestHeadTimeout;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.tls.TlsContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Tcp;

/** The socket that peers reach: HTTP/1.1 only, with bounds for those who are no peers. */
public final class PeerListener {
  /** Streams say something every second or two; a state that is being stored may take longer. */
  private static final Duration IDLE = Duration.ofSeconds(60);

  private static final int MAX_CONNECTIONS = 1024;

  /** For the head of a request: whoever takes longer must not keep one of those places. */
  private static final Duration HEAD = Duration.ofSeconds(10);

  private PeerListener() {}

  /** Binds and answers plain HTTP from then on. */
  public static CompletionStage<ServerBinding> bind(
      ActorSystem<?> system,
      String host,
      int port,
      PeerSettings settings,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    ServerBuilder builder =
        Http.get(system)
            .newServerAt(host, port)
            .adaptSettings(defaults -> adapt(defaults, settings));
    return builder.bindFlow(answering(routes, HEAD));
  }

  /**
   * What answers on one connection.
   *
   * @param head how long the head of a request may take
   */
  static Flow<HttpRequest, HttpResponse, NotUsed> answering(
      Function<HttpRequest, CompletionStage<HttpResponse>> routes, Duration head) {
    return RequestHeadTimeout.within(head)
        .join(Flow.<HttpRequest>create().mapAsync(1, routes::apply));
  }

  /** Binds and answers from then on those whose certificate fits. */
  public static CompletionStage<Tcp.ServerBinding> bindSecurely(
      ActorSystem<?> system,
      String host,
      int port,
      TlsContext tls,
      PeerSettings settings,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    ServerSettings defaults = ServerSettings.create(Adapter.toClassic(system));
    return HttpsListener.bind(
        system,
        new InetSocketAddress(host, port),
        tls,
        Optional.of(IDLE),
        adapt(defaults, settings),
        "rejected connection on peer endpoint",
        routes);
  }

  private static ServerSettings adapt(ServerSettings defaults, PeerSettings settings) {
    return defaults
        .withEnableHttp2(false)
        .withMaxConnections(MAX_CONNECTIONS)
        .withPipeliningLimit(1)
        .withTimeouts(
            defaults
                .getTimeouts()
                .withIdleTimeout(scala.concurrent.duration.Duration.fromNanos(IDLE.toNanos()))
                .withRequestTimeout(scala.concurrent.duration.Duration.Inf()))
        .withParserSettings(
            defaults
                .getParserSettings()
                .withMaxChunkSize(settings.stream().frameBytes() + Long.BYTES));
  }
}
