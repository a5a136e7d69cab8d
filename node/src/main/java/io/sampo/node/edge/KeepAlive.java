package io.sampo.node.edge;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.apache.pekko.io.Inet;

/** TCP asks clients that are silent whether they are there, as often as etcd's listeners do. */
final class KeepAlive extends Inet.AbstractSocketOptionV2 {
  private static final int SECONDS = 30;

  private static final List<SocketOption<Integer>> PERIODS =
      List.of(ExtendedSocketOptions.TCP_KEEPIDLE, ExtendedSocketOptions.TCP_KEEPINTERVAL);

  @Override
  public void afterConnect(Socket socket) {
    try {
      socket.setKeepAlive(true);
      for (SocketOption<Integer> period : PERIODS) {
        if (socket.supportedOptions().contains(period)) {
          socket.setOption(period, SECONDS);
        }
      }
    } catch (SocketException closed) {
      // The connection ended before it began; reading from it will tell.
      return;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
