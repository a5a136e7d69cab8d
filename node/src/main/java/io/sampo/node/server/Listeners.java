package io.sampo.node.server;

import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.edge.ListenException;
import io.sampo.node.edge.ListenPorts;
import io.sampo.node.edge.http.HttpsListener;
import io.sampo.node.edge.http2.ConnectionDrain;
import io.sampo.node.edge.http2.Http2Connection;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.peer.http.PeerListener;
import io.sampo.node.tls.TlsContext;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/**
 * The sockets that clients, scrapers and other members reach. Used by the starting and the stopping
 * thread.
 */
public final class Listeners {
  /** A used port is refused at once; a machine with too much to do is no reason to give up. */
  private static final long BIND_SECONDS = 60;

  private static final String PREFACE = "PRI * HTTP/2";

  private static final String REJECTED = "rejected connection on client endpoint";

  private final ActorSystem<?> system;
  private final List<Runnable> unbinds = new ArrayList<>();
  private final List<ServerBinding> clients = new ArrayList<>();
  private final ConnectionDrain http2 = new ConnectionDrain();

  public Listeners(ActorSystem<?> system) {
    this.system = system;
  }

  /**
   * Binds the URL's port and answers on it from now on, HTTP/1.1 and HTTP/2.
   *
   * @param tls of an https URL
   * @throws ListenException if that cannot be done, with etcd's words where the port is in use
   */
  public void bind(
      EtcdUrl url,
      Optional<TlsContext> tls,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler)
      throws InterruptedException {
    org.apache.pekko.japi.function.Function<HttpRequest, CompletionStage<HttpResponse>> routes =
        handler::apply;
    ServerBuilder builder =
        Http.get(system).newServerAt(ListenPorts.host(url), ListenPorts.port(url));
    if (url.isSecure()) {
      TlsContext context = tls.orElseThrow();
      builder =
          builder.enableHttps(ConnectionContext.httpsServer(() -> context.serverEngine(REJECTED)));
    }
    ServerBinding bound = await(url, builder.bind(routes));
    unbinds.add(bound::unbind);
    clients.add(bound);
  }

  /** Ends HTTP/2 connections. */
  public ConnectionDrain http2() {
    return http2;
  }

  /**
   * As {@link #bind}, with HTTP/2 of our own where there is no TLS: by prior knowledge.
   *
   * @throws ListenException likewise
   */
  public void bindClient(
      EtcdUrl url,
      Optional<TlsContext> tls,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler,
      Http2Connection connection)
      throws InterruptedException {
    if (url.isSecure()) {
      bind(url, tls, handler);
      return;
    }
    var classic = Adapter.toClassic(system);
    Tcp.ServerBinding bound =
        await(
            url,
            Tcp.get(classic)
                .bind(ListenPorts.host(url), ListenPorts.port(url))
                .to(
                    Sink.foreach(
                        incoming ->
                            incoming.handleWith(
                                Flow.<ByteString>create()
                                    .flatMapPrefix(
                                        1, first -> protocol(first, handler, connection)),
                                SystemMaterializer.get(system).materializer())))
                .run(SystemMaterializer.get(system).materializer()));
    unbinds.add(bound::unbind);
  }

  private Flow<ByteString, ByteString, NotUsed> protocol(
      List<ByteString> first,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler,
      Http2Connection connection) {
    if (!first.isEmpty() && first.get(0).utf8String().startsWith(PREFACE)) {
      return Flow.<ByteString>create().prepend(Source.from(first)).via(connection);
    }
    var classic = Adapter.toClassic(system);
    return Flow.<ByteString>create()
        .prepend(Source.from(first))
        .via(
            Http.get(system)
                .serverLayer(ServerSettings.create(classic), Optional.empty(), classic.log())
                .atop(plain())
                .reversed()
                .join(Flow.<HttpRequest>create().mapAsync(1, handler::apply)));
  }

  /**
   * As {@link #bind}, HTTP/1.1 only; with TLS a certificate must fit where it comes from.
   *
   * @throws ListenException likewise
   */
  public void bindMetrics(
      EtcdUrl url,
      Optional<TlsContext> tls,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler)
      throws InterruptedException {
    if (!url.isSecure()) {
      bind(url, tls, handler);
      return;
    }
    Tcp.ServerBinding bound =
        await(
            url,
            HttpsListener.bind(
                system,
                new InetSocketAddress(ListenPorts.host(url), ListenPorts.port(url)),
                tls.orElseThrow(),
                Optional.empty(),
                ServerSettings.create(Adapter.toClassic(system)),
                REJECTED,
                handler));
    unbinds.add(bound::unbind);
  }

  /**
   * As {@link #bind}, for other members.
   *
   * @param tls of an https URL
   * @throws ListenException likewise
   */
  public void bindPeer(
      EtcdUrl url,
      PeerSettings settings,
      Optional<TlsContext> tls,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler)
      throws InterruptedException {
    String host = ListenPorts.host(url);
    int port = ListenPorts.port(url);
    if (url.isSecure()) {
      unbinds.add(
          await(
                  url,
                  PeerListener.bindSecurely(
                      system, host, port, tls.orElseThrow(), settings, handler))
              ::unbind);
    } else {
      unbinds.add(await(url, PeerListener.bind(system, host, port, settings, handler))::unbind);
    }
  }

  private static <T> T await(EtcdUrl url, CompletionStage<T> bound) throws InterruptedException {
    try {
      return bound.toCompletableFuture().get(BIND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException e) {
      throw ListenPorts.failure(url, rootOf(e));
    } catch (TimeoutException e) {
      throw ListenPorts.failure(url, new BindException("timed out"));
    }
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /**
   * Tells clients to go elsewhere and waits for the calls that are under way, but only for so long:
   * then those that have no end of their own, such as watches, are cut off with their connection.
   * Peers stay.
   */
  public void drain(Duration patience) {
    CompletableFuture<?>[] drained =
        clients.stream()
            .map(binding -> binding.terminate(patience).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    try {
      drainHttp2(patience);
      CompletableFuture.allOf(drained).get(2 * patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      system.log().info("connections of clients were left open: {}", String.valueOf(e));
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> plain() {
    return (BidiFlow) TLSPlacebo.getInstance();
  }

  private void drainHttp2(Duration patience) throws InterruptedException, ExecutionException {
    try {
      http2.drain().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      http2.kill();
    }
  }

  /** Accepts nothing more; what is open stays open until the system ends. */
  public void unbind() {
    unbinds.forEach(Runnable::run);
  }
}
