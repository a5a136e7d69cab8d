package io.sampo.node.edge;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.http.scaladsl.Http;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** How Pekko HTTP reaches who listens on a socket of the file system. */
public final class UnixTransport extends ClientTransport {
  private final ChannelSelector selector;
  private final Path file;

  public UnixTransport(ChannelSelector selector, Path file) {
    this.selector = selector;
    this.file = file;
  }

  @Override
  public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> connectTo(
      String host, int port, ClientConnectionSettings settings, ActorSystem system) {
    InetSocketAddress named = InetSocketAddress.createUnresolved(host, port);
    OutgoingConnection connection =
        new OutgoingConnection(new Http.OutgoingConnection(named, named));
    return Flow.fromGraph(new UnixConnection(selector, this::connect))
        .mapMaterializedValue(nothing -> CompletableFuture.completedFuture(connection));
  }

  /** At once or not at all: there is no network between. */
  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.configureBlocking(false);
      if (!channel.connect(UnixDomainSocketAddress.of(file))) {
        throw new ConnectException("dial unix " + file + ": resource temporarily unavailable");
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      // Whoever ends removes the file: nobody listens there.
      throw Files.exists(file) ? e : new ConnectException("connection refused: no file " + file);
    }
  }
}
