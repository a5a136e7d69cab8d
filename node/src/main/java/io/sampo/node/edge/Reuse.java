package io.sampo.node.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import org.apache.pekko.io.Inet;

/**
 * How a TCP port is taken.
 *
 * @param port SO_REUSEPORT: beside other processes of the same user that say so as well
 * @param address SO_REUSEADDR: although connections of a process before are not quite over. The JDK
 *     and Go set it on Linux in any case
 */
public record Reuse(boolean port, boolean address) implements Inet.SocketOption {
  /** As a port is taken if nothing is said. */
  public static final Reuse DEFAULTS = new Reuse(false, false);

  @Override
  public void beforeServerSocketBind(ServerSocket socket) {
    try {
      if (port) {
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      if (address) {
        socket.setReuseAddress(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void beforeDatagramBind(DatagramSocket socket) {}

  @Override
  public void beforeConnect(Socket socket) {}

  @Override
  public void afterConnect(Socket socket) {}
}
