package io.sampo.tests.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client's end of one connection, which reads while it sends. */
final class RawConnection implements AutoCloseable {

  private static final long POLL_MILLIS = 50;

  /** Go lets a connection live for a second behind its GOAWAY. */
  private static final long AT_ONCE_SECONDS = 2;

  private static final int CONNECT_MILLIS = 10_000;

  private final Socket socket;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private volatile long lastActivityNanos = System.nanoTime();
  private volatile long endNanos;
  private volatile String end = "";

  private RawConnection(Socket socket) {
    this.socket = socket;
  }

  /**
   * Has the conversation and returns what came and how it ended.
   *
   * @param quietMillis silence after the last action and the last byte that counts as "stays open"
   */
  static Received run(EdgeServer server, EdgeCase edgeCase, long quietMillis)
      throws IOException, InterruptedException {
    try (RawConnection connection =
        new RawConnection(open(server.port(edgeCase.wire()), edgeCase.wire()))) {
      Thread reader = new Thread(connection::read, "reader of " + edgeCase.name());
      reader.setDaemon(true);
      reader.start();
      for (EdgeCase.Action action : edgeCase.actions()) {
        connection.act(action);
      }
      connection.awaitEnd(quietMillis);
      synchronized (connection.received) {
        return new Received(connection.received.toByteArray(), connection.ending());
      }
    }
  }

  private static Socket open(int port, EdgeCase.Wire wire) throws IOException {
    Socket plain = new Socket();
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
    plain.setTcpNoDelay(true);
    return switch (wire) {
      case PLAIN, WHITELIST -> plain;
      case TLS -> tls(plain, port);
      case TLS_HTTP1 -> tls(plain, port, "http/1.1");
      case TLS_HTTP2 -> tls(plain, port, "h2");
    };
  }

  private static SSLSocket tls(Socket plain, int port, String... protocols) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(protocols);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void act(EdgeCase.Action action) throws InterruptedException {
    try {
      if (action instanceof EdgeCase.Send send) {
        socket.getOutputStream().write(send.bytes());
        socket.getOutputStream().flush();
      } else if (action instanceof EdgeCase.Pause pause) {
        Thread.sleep(pause.millis());
      } else {
        socket.shutdownOutput();
      }
    } catch (IOException closedByTheServer) {
      // The reader says so.
      Thread.sleep(POLL_MILLIS);
    }
    lastActivityNanos = System.nanoTime();
  }

  private void read() {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = socket.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        synchronized (received) {
          received.write(buffer, 0, count);
        }
        lastActivityNanos = System.nanoTime();
      }
      endAs("closed");
    } catch (SocketTimeoutException impossible) {
      endAs(impossible.toString());
    } catch (SocketException reset) {
      // A server that closes with bytes unread resets the connection: which of both is seen is
      // luck.
      endAs("closed");
    } catch (SSLException cut) {
      endAs("closed without close_notify");
    } catch (IOException e) {
      endAs(e.toString());
    }
  }

  private void endAs(String how) {
    endNanos = System.nanoTime();
    end = how;
  }

  private void awaitEnd(long quietMillis) throws InterruptedException {
    while (end.isEmpty()
        && System.nanoTime() - lastActivityNanos < TimeUnit.MILLISECONDS.toNanos(quietMillis)) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** How it ended, and whether that was at once behind the last byte of either side. */
  private String ending() {
    if (end.isEmpty()) {
      return "open";
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(endNanos - lastActivityNanos);
    return seconds < AT_ONCE_SECONDS ? end : end + " later";
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /**
   * @param end {@code open}, {@code closed} ...
   */
  record Received(byte[] bytes, String end) {}

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
