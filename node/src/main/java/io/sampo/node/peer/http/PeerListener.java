package io.sampo.node.peer.http;

import io.sampo.node.edge.Port;
import io.sampo.node.edge.Reuse;
import io.sampo.node.edge.http.Http1;
import io.sampo.node.edge.http.Http1Settings;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.tls.TlsContext;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/** The socket that peers reach: HTTP/1.1 only, with bounds for those who are no peers. */
public final class PeerListener {
  /** Streams say something every second or two; a state that is being stored may take longer. */
  private static final Duration IDLE = Duration.ofSeconds(60);

  private static final int MAX_CONNECTIONS = 1024;

  /** For the head of a request: whoever takes longer must not keep one of those places. */
  private static final Duration HEAD = Duration.ofSeconds(10);

  /** etcd 3.7.1 (rafthttp.ConnReadTimeout). */
  private static final Duration HANDSHAKE = Duration.ofSeconds(5);

  private PeerListener() {}

  /**
   * Binds and answers from then on; with TLS those whose certificate fits.
   *
   * @param tls empty for plain HTTP
   */
  public static CompletionStage<Port> bind(
      ActorSystem<?> system,
      SocketAddress address,
      Optional<TlsContext> tls,
      PeerSettings settings,
      Reuse reuse,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    ServerSettings defaults = ServerSettings.create(Adapter.toClassic(system));
    return Port.bind(
        system,
        address,
        new Port.Settings(
            tls,
            false,
            List.of(),
            HANDSHAKE,
            Optional.of(IDLE),
            "rejected connection on peer endpoint",
            Dispatchers.DefaultDispatcherId(),
            reuse),
        MAX_CONNECTIONS,
        new Http1(system, Http1Settings.strangers(HEAD, adapt(defaults, settings)), routes));
  }

  private static ServerSettings adapt(ServerSettings defaults, PeerSettings settings) {
    return defaults.withParserSettings(
        defaults.getParserSettings().withMaxChunkSize(settings.stream().frameBytes() + Long.BYTES));
  }
}
