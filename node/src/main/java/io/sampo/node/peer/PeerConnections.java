package io.sampo.node.peer;

import io.sampo.node.edge.ChannelSelector;
import io.sampo.node.edge.UnixTransport;
import io.sampo.node.peer.stream.StreamLimits;
import io.sampo.node.tls.TlsContext;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.OutgoingConnectionBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.http.javadsl.settings.ConnectionPoolSettings;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * How this member reaches others: HTTP/1.1, also under TLS, where no other protocol is offered. For
 * any thread.
 */
public final class PeerConnections {
  /** etcd closes a connection after five silent seconds; it must not be chosen shortly before. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(3);

  private static final Attributes SILENT =
      Attributes.createLogLevels(
          Attributes.logLevelOff(), Attributes.logLevelOff(), Attributes.logLevelOff());

  private static final int POOLED_CONNECTIONS = 8;
  private static final int MAX_OPEN_REQUESTS = 128;

  private final Http http;
  private final Optional<HttpsConnectionContext> tls;
  private final ClientConnectionSettings connection;
  private final ConnectionPoolSettings pool;
  private final LoggingAdapter log;
  private final ChannelSelector selector = new ChannelSelector();

  /** One for each socket, so that Pekko finds its pool of connections again. */
  private final Map<Path, UnixTransport> sockets = new ConcurrentHashMap<>();

  /**
   * @param tls for https URLs; without it the platform's certificates count
   */
  public PeerConnections(ActorSystem<?> system, Optional<TlsContext> tls, PeerSettings settings) {
    this.http = Http.get(system);
    this.tls = tls.map(context -> ConnectionContext.httpsClient(context::clientEngine));
    this.log = Adapter.toClassic(system).log();
    StreamLimits limits = settings.stream();
    ClientConnectionSettings defaults = ClientConnectionSettings.create(Adapter.toClassic(system));
    // A large entry comes as one chunk from etcd.
    this.connection =
        defaults
            .withParserSettings(
                defaults.getParserSettings().withMaxChunkSize(limits.frameBytes() + Long.BYTES))
            .withConnectingTimeout(settings.dialTimeout())
            .withLocalAddress(
                settings.localAddress().map(address -> new InetSocketAddress(address, 0)));
    this.pool =
        ConnectionPoolSettings.create(Adapter.toClassic(system))
            .withMaxConnections(POOLED_CONNECTIONS)
            .withMaxOpenRequests(MAX_OPEN_REQUESTS)
            .withMaxRetries(0)
            .withBaseConnectionBackoff(Duration.ZERO)
            .withKeepAliveTimeout(KEEP_ALIVE)
            .withConnectionSettings(connection.withIdleTimeout(limits.timeout()));
  }

  /**
   * A connection of its own.
   *
   * @param idle ends it when for so long nothing moved in either direction
   */
  public Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> open(
      URI url, Duration idle) {
    OutgoingConnectionBuilder builder =
        http.connectionTo(PeerUrls.host(url))
            .toPort(PeerUrls.port(url))
            .withClientConnectionSettings(reaching(url, connection).withIdleTimeout(idle));
    // Whoever asked hears how it failed; a peer that answers nonsense is no error of this node.
    return (PeerUrls.isTls(url)
            ? tls.map(builder::withCustomHttpsConnectionContext).orElse(builder).https()
            : builder.http())
        .addAttributes(SILENT);
  }

  /**
   * A short request over a connection that may be used again.
   *
   * @param url of the member
   * @param request with a path alone
   */
  public CompletionStage<HttpResponse> request(URI url, HttpRequest request) {
    String host = PeerUrls.host(url);
    String origin =
        "%s://%s:%d"
            .formatted(
                PeerUrls.isTls(url) ? "https" : "http",
                host.indexOf(':') < 0 ? host : "[" + host + "]",
                PeerUrls.port(url));
    return http.singleRequest(
        request.withUri(origin + request.getUri().path()),
        tls.orElseGet(http::defaultClientHttpsContext),
        pool.withConnectionSettings(reaching(url, pool.getConnectionSettings())),
        log);
  }

  private ClientConnectionSettings reaching(URI url, ClientConnectionSettings settings) {
    return PeerUrls.socket(url)
        .map(file -> sockets.computeIfAbsent(file, one -> new UnixTransport(selector, one)))
        .map(settings::withTransport)
        .orElse(settings);
  }
}
