package io.sampo.node.edge;

import io.sampo.node.boot.flag.EtcdUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;

/** The ports of listen URLs, and whether they can be had. */
public final class ListenPorts {
  private ListenPorts() {}

  public static String host(EtcdUrl url) {
    return url.host().isEmpty() ? "0.0.0.0" : url.host();
  }

  public static int port(EtcdUrl url) {
    return Integer.parseInt(url.port());
  }

  /**
   * Takes the port and lets it go again, so that one in use is found before anything is written.
   *
   * @throws ListenException if it cannot be had
   */
  public static void probe(EtcdUrl url) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host(url), port(url)));
    } catch (IOException | IllegalArgumentException | SecurityException e) {
      throw failure(url, e);
    }
  }

  /** In the words of etcd's network library. */
  public static ListenException failure(EtcdUrl url, Throwable cause) {
    String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    String text = reason.contains("in use") ? "bind: address already in use" : "bind: " + reason;
    return new ListenException("listen tcp " + url.address() + ": " + text, cause);
  }
}
