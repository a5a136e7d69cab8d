package io.sampo.node.discovery;

import com.google.protobuf.MessageLite;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.edge.ChannelSelector;
import io.sampo.node.edge.UnixTransport;
import io.sampo.node.tls.TlsContext;
import io.sampo.node.tls.TlsException;
import io.sampo.node.tls.TlsSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.OutgoingConnectionBuilder;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * gRPC calls of a discovery service over Pekko HTTP's HTTP/2, each on a connection of its own: a
 * member makes about five of them in its life.
 */
final class GrpcClient {
  /** Below that a service may hang up on who pings it (grpc-go raises shorter times as well). */
  private static final long MIN_PING_NANOS = 10_000_000_000L;

  private static final long MIN_PING_TIMEOUT_NANOS = 1_000_000;

  private static final ContentType GRPC =
      MediaTypes.applicationBinary("grpc", false).toContentType();
  private static final Attributes SILENT =
      Attributes.createLogLevels(
          Attributes.logLevelOff(), Attributes.logLevelOff(), Attributes.logLevelOff());
  private static final String VERSION = "3.7";

  private final Http http;
  private final Materializer materializer;
  private final Optional<TlsContext> tls;
  private final ClientConnectionSettings connection;
  private final ChannelSelector selector = new ChannelSelector();

  /**
   * Opens nothing yet.
   *
   * @param first endpoint, which decides for all whether TLS is spoken (as in etcd's client)
   * @throws TlsException if files cannot be used, with etcd's words
   */
  GrpcClient(ActorSystem<?> system, DiscoverySettings.Client settings, Endpoint first)
      throws TlsException {
    this.http = Http.get(system);
    this.materializer = SystemMaterializer.get(system).materializer();
    this.tls = tls(settings.tls(), first);
    ClientConnectionSettings defaults =
        ClientConnectionSettings.create(connections(system.settings().config(), settings));
    this.connection =
        settings.dialTimeoutNanos() > 0
            ? defaults.withConnectingTimeout(Duration.ofNanos(settings.dialTimeoutNanos()))
            : defaults;
  }

  private static Config connections(Config config, DiscoverySettings.Client settings) {
    Config patient =
        ConfigFactory.parseString("pekko.http.client.idle-timeout = infinite").withFallback(config);
    if (settings.keepAliveTimeNanos() <= 0) {
      return patient;
    }
    long timeout = Math.max(settings.keepAliveTimeoutNanos(), MIN_PING_TIMEOUT_NANOS);
    // Pekko HTTP wants a multiple.
    long pauses = -Math.floorDiv(-Math.max(settings.keepAliveTimeNanos(), MIN_PING_NANOS), timeout);
    return ConfigFactory.parseMap(
            Map.of(
                "pekko.http.client.http2.ping-interval",
                pauses * timeout + "ns",
                "pekko.http.client.http2.ping-timeout",
                timeout + "ns"))
        .withFallback(patient);
  }

  private static Optional<TlsContext> tls(DiscoverySettings.Tls given, Endpoint first)
      throws TlsException {
    boolean files =
        !given.cert().isEmpty() || !given.key().isEmpty() || !given.trustedCa().isEmpty();
    boolean asked = files || !given.insecureTransport() || given.insecureSkipVerify();
    boolean spoken = first.secure().orElse(asked);
    if (!asked && !spoken) {
      return Optional.empty();
    }
    TlsContext context =
        TlsContext.open(
            new TlsSettings(
                new TlsSettings.Files(given.cert(), given.key(), "", "", given.trustedCa(), ""),
                false,
                List.of(),
                List.of(),
                false,
                given.insecureSkipVerify(),
                TlsSettings.NONE.protocol()));
    return spoken ? Optional.of(context) : Optional.empty();
  }

  /**
   * Begins a call.
   *
   * @param path of the method
   * @param open whether the call's other direction stays open, as a watch needs it
   * @param token of a user
   */
  GrpcReply call(
      Endpoint endpoint, String path, MessageLite message, boolean open, Optional<String> token) {
    Source<ByteString, ?> frames = Source.single(frame(message));
    HttpRequest request =
        HttpRequest.POST(origin(endpoint) + path)
            .addHeader(RawHeader.create("te", "trailers"))
            .addHeader(RawHeader.create("client-api-version", VERSION))
            .withEntity(HttpEntities.create(GRPC, open ? frames.concat(Source.maybe()) : frames));
    HttpRequest complete =
        token.map(text -> request.addHeader(RawHeader.create("token", text))).orElse(request);
    RunnableGraph<org.apache.pekko.japi.Pair<UniqueKillSwitch, SinkQueueWithCancel<HttpResponse>>>
        graph =
            Source.single(complete)
                .concat(Source.maybe())
                .viaMat(KillSwitches.single(), Keep.right())
                .via(flow(endpoint))
                .toMat(Sink.queue(), Keep.both());
    var running = graph.run(materializer);
    return new GrpcReply(endpoint, running.second(), running.first()::shutdown, materializer);
  }

  private Flow<HttpRequest, HttpResponse, ?> flow(Endpoint endpoint) {
    OutgoingConnectionBuilder builder =
        http.connectionTo(endpoint.host())
            .toPort(Math.max(1, endpoint.port()))
            .withClientConnectionSettings(
                endpoint
                    .socket()
                    .map(file -> connection.withTransport(new UnixTransport(selector, file)))
                    .orElse(connection));
    return tls.map(
            context ->
                builder
                    .withCustomHttpsConnectionContext(
                        ConnectionContext.httpsClient(context::clientEngine))
                    .http2())
        .orElseGet(builder::http2WithPriorKnowledge)
        .addAttributes(SILENT);
  }

  private String origin(Endpoint endpoint) {
    String scheme = tls.isPresent() ? "https://" : "http://";
    return scheme + (endpoint.socket().isPresent() ? "localhost" : endpoint.address());
  }

  private static ByteString frame(MessageLite message) {
    byte[] body = message.toByteArray();
    ByteBuffer frame = ByteBuffer.allocate(5 + body.length);
    frame.put((byte) 0).putInt(body.length).put(body).flip();
    return ByteString.fromByteBuffer(frame);
  }
}
