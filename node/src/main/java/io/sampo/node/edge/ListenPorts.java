package io.sampo.node.edge;

import io.sampo.node.boot.flag.EtcdUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Locale;

/** Where the listeners of URLs are bound, and what is said if they cannot be. */
public final class ListenPorts {
  private ListenPorts() {}

  /** Where a URL's listener is bound. */
  public static SocketAddress address(EtcdUrl url) {
    return url.isUnix()
        ? UnixDomainSocketAddress.of(url.host())
        : new InetSocketAddress(
            url.host().isEmpty() ? "0.0.0.0" : url.host(), Integer.parseInt(url.port()));
  }

  /**
   * Takes the address and lets it go again, so that one in use is found before anything is written.
   *
   * @throws ListenException if it cannot be had
   */
  public static void probe(EtcdUrl url, Reuse reuse) {
    try {
      SocketAddress address = address(url);
      if (address instanceof UnixDomainSocketAddress unix) {
        UnixListener.bind(new ChannelSelector(), unix, 1).close();
      } else {
        try (ServerSocket socket = new ServerSocket()) {
          socket.setReuseAddress(true);
          reuse.beforeServerSocketBind(socket);
          socket.bind(address);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw failure(url, e);
    }
  }

  /** In the words of etcd's network library. */
  public static ListenException failure(EtcdUrl url, Throwable cause) {
    if (cause instanceof ListenException said) {
      return said;
    }
    String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    String text = reason.contains("in use") ? "bind: address already in use" : "bind: " + reason;
    return new ListenException(
        "listen " + (url.isUnix() ? "unix " : "tcp ") + url.address() + ": " + text, cause);
  }
}
