package io.sampo.node.edge.http;

import io.sampo.node.tls.TlsConnection;
import io.sampo.node.tls.TlsContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.stream.javadsl.Tcp;

/** A socket that answers HTTP/1.1 over TLS to those whose certificate fits. */
public final class HttpsListener {
  /** For the handshake, and for the head of each request (etcd 3.7.1 gives the first 10 s). */
  private static final Duration HEAD = Duration.ofSeconds(10);

  private final ActorSystem<?> system;
  private final Materializer materializer;
  private final Executor blocking;
  private final TlsContext tls;
  private final ServerSettings settings;
  private final String rejected;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;

  private HttpsListener(
      ActorSystem<?> system,
      TlsContext tls,
      ServerSettings settings,
      String rejected,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    this.system = system;
    this.materializer = SystemMaterializer.get(system).materializer();
    this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    this.tls = tls;
    this.settings = settings;
    this.rejected = rejected;
    this.routes = routes;
  }

  /**
   * Binds and answers from then on.
   *
   * @param idle ends a connection on which for so long nothing moved
   * @param settings bounds, of which the number of connections counts here too
   * @param rejected the text of the log's line about a refused connection
   */
  public static CompletionStage<Tcp.ServerBinding> bind(
      ActorSystem<?> system,
      InetSocketAddress address,
      TlsContext tls,
      Optional<Duration> idle,
      ServerSettings settings,
      String rejected,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    var listener = new HttpsListener(system, tls, settings, rejected, routes);
    return Tcp.get(Adapter.toClassic(system))
        .bind(
            address.getHostString(),
            address.getPort(),
            settings.getBacklog(),
            settings.getSocketOptions(),
            false,
            idle)
        .mapAsyncUnordered(settings.getMaxConnections(), listener::serve)
        .to(Sink.ignore())
        .run(listener.materializer);
  }

  /** Completes, never with a failure, when the connection has ended. */
  private CompletionStage<Done> serve(Tcp.IncomingConnection incoming) {
    var connection = new TlsConnection(tls, incoming.remoteAddress(), rejected, blocking);
    Flow<SslTlsInbound, SslTlsInbound, CompletionStage<Done>> inbound =
        Flow.<SslTlsInbound>create()
            .initialTimeout(HEAD)
            .watchTermination((notUsed, ended) -> ended);
    Flow<HttpResponse, HttpRequest, CompletionStage<Done>> http =
        http(incoming.remoteAddress())
            .join(
                TLS.create(connection::engine, connection::onSession, TLSClosing.eagerClose())
                    .join(incoming.flow())
                    .viaMat(inbound, Keep.right()),
                Keep.right());
    CompletionStage<Done> ended =
        http.join(
                RequestHeadTimeout.within(HEAD)
                    .join(
                        Flow.<HttpRequest>create()
                            .mapAsync(1, request -> answer(connection, request))))
            .run(materializer);
    CompletableFuture<Done> closed = new CompletableFuture<>();
    ended.whenComplete(
        (done, failure) -> {
          connection.onEnd(Optional.ofNullable(failure));
          closed.complete(Done.getInstance());
        });
    return closed;
  }

  private BidiFlow<HttpResponse, SslTlsOutbound, SslTlsInbound, HttpRequest, NotUsed> http(
      InetSocketAddress remote) {
    return Http.get(system)
        .serverLayer(settings, Optional.of(remote), Adapter.toClassic(system).log());
  }

  private CompletionStage<HttpResponse> answer(TlsConnection connection, HttpRequest request) {
    CompletableFuture<Void> admitted = connection.admitted();
    return admitted.isDone() && !admitted.isCompletedExceptionally()
        ? routes.apply(request)
        : admitted.thenCompose(fits -> routes.apply(request));
  }
}
