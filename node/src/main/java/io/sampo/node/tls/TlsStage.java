package io.sampo.node.tls;

import java.time.Duration;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * TLS on an accepted connection, as one stage among those of the connection. Unlike the one of
 * Pekko Streams it is no actor, keeps no buffers while nothing moves, bounds the handshake in time,
 * and writes everything that it was given before it closes.
 *
 * <p>The ends of both directions are independent until the server has written everything: a client
 * may end its side and still read the answer. Then the connection closes, without waiting for the
 * client to say that it agrees.
 */
public final class TlsStage
    extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
  final Inlet<ByteString> cipherIn = Inlet.create("Tls.cipherIn");
  final Outlet<ByteString> plainOut = Outlet.create("Tls.plainOut");
  final Inlet<ByteString> plainIn = Inlet.create("Tls.plainIn");
  final Outlet<ByteString> cipherOut = Outlet.create("Tls.cipherOut");
  private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
      BidiShape.of(plainIn, cipherOut, cipherIn, plainOut);
  private final TlsConnection connection;
  private final Duration handshake;

  /**
   * From what the server says to what goes out, and from what comes in to what it hears.
   *
   * @param handshake how long it may take
   */
  public TlsStage(TlsConnection connection, Duration handshake) {
    this.connection = connection;
    this.handshake = handshake;
  }

  @Override
  public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new TlsLogic(this, connection, handshake);
  }
}
