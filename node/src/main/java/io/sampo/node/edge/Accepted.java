package io.sampo.node.edge;

import java.net.SocketAddress;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/**
 * A connection that was accepted.
 *
 * @param socket to be run once: what goes in is written, what is read goes out
 */
record Accepted(
    SocketAddress local, SocketAddress remote, Flow<ByteString, ByteString, NotUsed> socket) {
  static Accepted of(Tcp.IncomingConnection incoming) {
    return new Accepted(incoming.localAddress(), incoming.remoteAddress(), incoming.flow());
  }
}
