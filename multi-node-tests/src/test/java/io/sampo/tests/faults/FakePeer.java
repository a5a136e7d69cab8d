package io.sampo.tests.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens where a member should be and answers those who dial in every way that no member would.
 */
final class FakePeer implements AutoCloseable {
  /** Manners of answering, taken in turns. */
  private static final int MANNERS = 8;

  private static final int BLOCK_BYTES = 64 << 10;
  private static final int LONGEST_ANSWER_BLOCKS = 256;

  private final ServerSocket socket;
  private final String accepted;
  private final AtomicInteger dialled = new AtomicInteger();
  private volatile boolean closed;

  /**
   * @param clusterId in hexadecimal digits, so that its first words are believed
   */
  FakePeer(int port, String clusterId) throws IOException {
    socket = new ServerSocket(port, 64, InetAddress.getLoopbackAddress());
    accepted =
        "HTTP/1.1 200 OK\r\nX-Server-Version: 3.7.1\r\nX-Etcd-Cluster-ID: %s\r\n"
                .formatted(clusterId)
            + "Transfer-Encoding: chunked\r\n\r\n";
    start(this::listen);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "fake peer");
    thread.setDaemon(true);
    thread.start();
  }

  /** How often it was dialled so far. */
  int dialled() {
    return dialled.get();
  }

  private void listen() {
    while (!closed) {
      try {
        Socket connection = socket.accept();
        int manner = dialled.getAndIncrement() % MANNERS;
        start(() -> answer(connection, manner));
      } catch (IOException end) {
        closed = true;
      }
    }
  }

  private void answer(Socket connection, int manner) {
    try (connection) {
      InputStream in = connection.getInputStream();
      if (in.read() < 0) {
        return;
      }
      OutputStream out = connection.getOutputStream();
      switch (manner) {
        case 0 -> out.write(noise(BLOCK_BYTES));
        case 1 -> endless(out, "HTTP/1.1 200 OK\r\n\r\n", noise(BLOCK_BYTES));
        case 2 -> endless(out, accepted, chunk(new byte[] {0x7f, 1, 1, 1, 1, 1, 1, 1, 8, 7}));
        case 3 -> out.write((accepted + "20\r\nhalf a").getBytes(StandardCharsets.ISO_8859_1));
        case 4 -> endless(out, accepted, chunk(new byte[BLOCK_BYTES]));
        case 5 ->
            endless(
                out,
                "HTTP/1.1 200 OK\r\n",
                "X-More: and more\r\n".getBytes(StandardCharsets.US_ASCII));
        case 6 -> out.write(accepted.getBytes(StandardCharsets.ISO_8859_1));
        case 7 -> endless(out, "HTTP/1.1 500 Oh\r\n\r\n", noise(BLOCK_BYTES));
        default -> throw new IllegalStateException("no such manner: " + manner);
      }
      out.flush();
      connection.setSoTimeout(2_000);
      while (in.read() >= 0) {
        if (closed) {
          return;
        }
      }
    } catch (IOException theyHungUp) {
      return;
    }
  }

  private static void endless(OutputStream out, String head, byte[] again) throws IOException {
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    for (long sent = 0; sent < (long) LONGEST_ANSWER_BLOCKS * BLOCK_BYTES; sent += again.length) {
      out.write(again);
    }
  }

  static byte[] chunk(byte[] bytes) {
    byte[] head = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + bytes.length + 2];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(bytes, 0, all, head.length, bytes.length);
    all[all.length - 2] = '\r';
    all[all.length - 1] = '\n';
    return all;
  }

  static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(noise);
    return noise;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    socket.close();
  }
}
