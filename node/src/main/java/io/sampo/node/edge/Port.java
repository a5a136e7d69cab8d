package io.sampo.node.edge;

import io.sampo.node.tls.TlsConnection;
import io.sampo.node.tls.TlsContext;
import io.sampo.node.tls.TlsStage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.KillSwitch;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/**
 * A port, or a socket in the file system, that is listened on, and the connections that were opened
 * to it. For any thread.
 */
public final class Port {
  private static final int BACKLOG = 1024;

  /**
   * What a port does with its connections before anything is spoken.
   *
   * @param tls empty for none
   * @param plainToo whether those who begin without TLS are served as well
   * @param protocols that are offered by ALPN, the best first
   * @param handshake how long that of TLS may take
   * @param idle ends a connection on which for so long nothing moved; empty for never
   * @param rejected the text of the log's line about a connection that TLS refuses
   * @param dispatcher where the connections run
   * @param reuse how a TCP port is taken
   */
  public record Settings(
      Optional<TlsContext> tls,
      boolean plainToo,
      List<String> protocols,
      Duration handshake,
      Optional<Duration> idle,
      String rejected,
      String dispatcher,
      Reuse reuse) {}

  private final Settings settings;
  private final ConnectionLimit limit;
  private final ConnectionProtocol protocol;
  private final Materializer materializer;
  private final Executor blocking;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Done> emptied = new CompletableFuture<>();
  private volatile boolean draining;
  private volatile SocketAddress localAddress;
  private volatile Supplier<CompletionStage<Done>> unbinding;

  private Port(
      ActorSystem<?> system,
      Settings settings,
      ConnectionLimit limit,
      ConnectionProtocol protocol) {
    this.settings = settings;
    this.limit = limit;
    this.protocol = protocol;
    this.materializer = SystemMaterializer.get(system).materializer();
    this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
  }

  /**
   * Binds and lets {@code protocol} be spoken from then on.
   *
   * @param connections how many there may be, within the limit of open files
   */
  public static CompletionStage<Port> bind(
      ActorSystem<?> system,
      SocketAddress address,
      Settings settings,
      int connections,
      ConnectionProtocol protocol) {
    // Among themselves; they may not take what is left for clients.
    int places = Math.max(1, Math.min(connections, ConnectionLimit.byFiles() / 4));
    return bind(system, address, settings, new ConnectionLimit(places, () -> {}), protocol);
  }

  /** As above, within a limit that is shared. */
  public static CompletionStage<Port> bind(
      ActorSystem<?> system,
      SocketAddress address,
      Settings settings,
      ConnectionLimit limit,
      ConnectionProtocol protocol) {
    Port port = new Port(system, settings, limit, protocol);
    return address instanceof UnixDomainSocketAddress unix
        ? port.bindUnix(unix)
        : port.bindTcp(system, (InetSocketAddress) address);
  }

  private CompletionStage<Port> bindTcp(ActorSystem<?> system, InetSocketAddress address) {
    List<Inet.SocketOption> options =
        List.of(TcpSO.tcpNoDelay(true), new KeepAlive(), settings.reuse());
    return Tcp.get(Adapter.toClassic(system))
        .bind(address.getHostString(), address.getPort(), BACKLOG, options, false, settings.idle())
        .via(new Admission<>(limit))
        .to(Sink.foreach(incoming -> serve(Accepted.of(incoming))))
        .run(materializer)
        .thenApply(
            bound -> {
              localAddress = bound.localAddress();
              unbinding = () -> bound.unbind().thenApply(done -> Done.getInstance());
              return this;
            });
  }

  private CompletionStage<Port> bindUnix(UnixDomainSocketAddress address) {
    ChannelSelector selector = new ChannelSelector();
    UnixListener listener;
    try {
      listener = UnixListener.bind(selector, address, BACKLOG);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    localAddress = address;
    KillSwitch accepting =
        Source.fromGraph(listener)
            .viaMat(KillSwitches.single(), Keep.right())
            .via(new Admission<>(limit))
            .to(Sink.foreach(channel -> serve(accepted(selector, address, channel))))
            .run(materializer);
    unbinding =
        () -> {
          listener.close();
          accepting.shutdown();
          return CompletableFuture.completedFuture(Done.getInstance());
        };
    return CompletableFuture.completedFuture(this);
  }

  private Accepted accepted(
      ChannelSelector selector, UnixDomainSocketAddress address, SocketChannel channel) {
    var socket = Flow.fromGraph(new UnixConnection(selector, () -> channel));
    return new Accepted(
        address,
        UnixDomainSocketAddress.of(""),
        settings
            .idle()
            .map(
                idle ->
                    socket.join(
                        BidiFlow.<ByteString, ByteString>bidirectionalIdleTimeout(idle).reversed()))
            .orElse(socket));
  }

  /** Where it listens. */
  public SocketAddress localAddress() {
    return localAddress;
  }

  private void serve(Accepted incoming) {
    Connection connection = new Connection(incoming.remote(), incoming.local(), Optional.empty());
    open.add(connection);
    if (draining) {
      connection.drain();
    }
    Flow<ByteString, ByteString, NotUsed> spoken;
    if (settings.tls().isEmpty()) {
      spoken = protocol.flow(connection);
    } else if (settings.plainToo()) {
      ConnectionProtocol secure = secured -> secure(secured, incoming);
      spoken = Flow.fromGraph(ProtocolSwitch.ofSchemes(connection, protocol, secure));
    } else {
      spoken = secure(connection, incoming);
    }
    incoming
        .socket()
        .join(
            BidiFlow.fromGraph(new ConnectionEnd(connection, () -> onClosed(connection)))
                .reversed()
                .join(spoken))
        .addAttributes(ActorAttributes.dispatcher(settings.dispatcher()))
        .run(materializer);
  }

  /** Behind TLS, which begins now. */
  private Flow<ByteString, ByteString, NotUsed> secure(Connection connection, Accepted incoming) {
    TlsConnection tls =
        new TlsConnection(
            settings.tls().orElseThrow(),
            incoming.local(),
            incoming.remote(),
            settings.protocols(),
            settings.rejected(),
            blocking);
    connection.secure(tls);
    return protocol
        .flow(connection)
        .join(BidiFlow.fromGraph(new TlsStage(tls, settings.handshake())));
  }

  private void onClosed(Connection connection) {
    open.remove(connection);
    limit.release();
    if (draining && open.isEmpty()) {
      emptied.complete(Done.getInstance());
    }
  }

  /**
   * Tells clients to go elsewhere; completes when all have gone. What has no end of its own stays
   * until it is broken.
   */
  public CompletableFuture<Done> drain() {
    draining = true;
    open.forEach(Connection::drain);
    if (open.isEmpty()) {
      emptied.complete(Done.getInstance());
    }
    return emptied;
  }

  /** Breaks every connection. */
  public void breakConnections() {
    open.forEach(Connection::breakOff);
  }

  /** Accepts nothing more; what is open stays. */
  public CompletionStage<Done> unbind() {
    return unbinding.get();
  }
}
