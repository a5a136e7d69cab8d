package io.sampo.node.server;

import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.dispatch.Actors;
import io.sampo.node.edge.ClientProtocols;
import io.sampo.node.edge.ConnectionLimit;
import io.sampo.node.edge.ConnectionProtocol;
import io.sampo.node.edge.ListenAddress;
import io.sampo.node.edge.ListenException;
import io.sampo.node.edge.ListenPorts;
import io.sampo.node.edge.Port;
import io.sampo.node.edge.ProtocolSwitch;
import io.sampo.node.edge.Reuse;
import io.sampo.node.edge.http.Http1;
import io.sampo.node.edge.http.Http1Settings;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.peer.http.PeerListener;
import io.sampo.node.tls.TlsContext;
import java.net.BindException;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets that clients, scrapers and other members reach. Used by the starting and the stopping
 * thread.
 */
final class Listeners {
  /** A used port is refused at once; a machine with too much to do is no reason to give up. */
  private static final long BIND_SECONDS = 60;

  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private static final Duration CLIENT_HANDSHAKE = Duration.ofSeconds(10);
  private static final String REJECTED = "rejected connection on client endpoint";

  /** For the head of a request of those who only scrape. */
  private static final Duration METRICS_HEAD = Duration.ofSeconds(10);

  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  private final ActorSystem<?> system;
  private final Reuse reuse;
  private final ConnectionLimit limit =
      new ConnectionLimit(ConnectionLimit.byFiles(), this::onFull);
  private final AtomicBoolean warned = new AtomicBoolean();
  private final List<Port> clients = new ArrayList<>();
  private final List<Port> peers = new ArrayList<>();

  public Listeners(ActorSystem<?> system, Reuse reuse) {
    this.system = system;
    this.reuse = reuse;
  }

  private void onFull() {
    if (warned.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("limit", limit.places())
          .log("no more connections within the limit of open files; new ones have to wait");
      system
          .scheduler()
          .scheduleOnce(BETWEEN_WARNINGS, () -> warned.set(false), system.executionContext());
    }
  }

  /**
   * Binds the address and answers on it from now on.
   *
   * @param tls for those who come with TLS
   * @param plain what is spoken without TLS
   * @param secure what is spoken with it
   * @throws ListenException if that cannot be done, with etcd's words where the port is in use
   */
  public void bind(
      ListenAddress address,
      Optional<TlsContext> tls,
      ClientProtocols plain,
      ClientProtocols secure)
      throws InterruptedException {
    EtcdUrl url = address.url();
    List<String> offered =
        secure.http2().isPresent() ? List.of("h2", "http/1.1") : List.of("http/1.1");
    clients.add(
        bind(
            url,
            new Port.Settings(
                address.secure() ? tls : Optional.empty(),
                address.plain(),
                offered,
                CLIENT_HANDSHAKE,
                Optional.empty(),
                REJECTED,
                Actors.CLIENT_DISPATCHER,
                reuse),
            connection -> {
              ClientProtocols spoken = connection.isSecure() ? secure : plain;
              return Flow.fromGraph(new ProtocolSwitch(connection, spoken.http1(), spoken.http2()));
            }));
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
    ServerSettings defaults = ServerSettings.create(Adapter.toClassic(system));
    clients.add(
        bind(
            url,
            new Port.Settings(
                url.isSecure() ? tls : Optional.empty(),
                false,
                List.of(),
                CLIENT_HANDSHAKE,
                Optional.empty(),
                REJECTED,
                Actors.CLIENT_DISPATCHER,
                reuse),
            new Http1(system, Http1Settings.strangers(METRICS_HEAD, defaults), handler)));
  }

  private Port bind(EtcdUrl url, Port.Settings settings, ConnectionProtocol protocol)
      throws InterruptedException {
    return await(url, Port.bind(system, ListenPorts.address(url), settings, limit, protocol));
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
    peers.add(
        await(
            url,
            PeerListener.bind(
                system,
                ListenPorts.address(url),
                url.isSecure() ? tls : Optional.empty(),
                settings,
                reuse,
                handler)));
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
        clients.stream().map(Port::drain).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(drained).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("connections of clients are broken off");
      clients.forEach(Port::breakConnections);
    }
  }

  /** Accepts nothing more; what is open stays open until the system ends. */
  public void unbind() {
    clients.forEach(Port::unbind);
    peers.forEach(Port::unbind);
  }
}
