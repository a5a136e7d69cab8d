package io.sampo.tests.abuse;

import io.sampo.tests.process.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A TCP connection to this machine that counts what it sends and notices when the server closes it.
 * It has no thread of its own: it reads while it sends, and when it is polled.
 */
final class RudeConnection implements AutoCloseable {
  private static final int CONNECT_LIMIT_MILLIS = 2_000;

  /** Small, so that few bytes that the server has not seen count as sent. */
  private static final int SEND_BUFFER_BYTES = 64 << 10;

  /** What one poll reads at the most. */
  private static final int READS_A_POLL = 16;

  /** What is read is not kept: one buffer for all connections of a thread. */
  private static final ThreadLocal<ByteBuffer> IN =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(64 << 10));

  private final SocketChannel channel;
  private final long openedNanos = System.nanoTime();
  private final ServerFrames answers = new ServerFrames();
  private boolean reading = true;
  private boolean closed;
  private boolean left;
  private long closedNanos;
  private long sentBytes;
  private long receivedBytes;

  private RudeConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws IOException if it is refused, or not accepted in two seconds
   */
  static RudeConnection open(int port) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel
          .socket()
          .connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_LIMIT_MILLIS);
      channel.configureBlocking(false);
      return new RudeConnection(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** From now on nothing is read until {@link #readAgain}. */
  void stopReading() {
    reading = false;
  }

  void readAgain() {
    reading = true;
  }

  boolean send(String text, long deadlineNanos) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1), deadlineNanos);
  }

  /**
   * Sends all, waiting where the server does not read.
   *
   * @return whether it was sent before the deadline and the server's close
   */
  boolean send(byte[] bytes, long deadlineNanos) {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining() && !closed && System.nanoTime() < deadlineNanos) {
      poll();
      if (!closed && write(out) == 0) {
        Await.pause(Duration.ofMillis(1));
      }
    }
    return !out.hasRemaining();
  }

  private int write(ByteBuffer out) {
    try {
      int written = channel.write(out);
      sentBytes += written;
      return written;
    } catch (IOException reset) {
      onClosed();
      return 0;
    }
  }

  /** Reads what has arrived, unless told not to, and notices the end. */
  void poll() {
    for (int i = 0; i < READS_A_POLL && reading && !closed && !left; i++) {
      ByteBuffer in = IN.get().clear();
      int read;
      try {
        read = channel.read(in);
      } catch (IOException reset) {
        read = -1;
      }
      if (read == 0) {
        return;
      } else if (read < 0) {
        onClosed();
      } else {
        receivedBytes += read;
        answers.accept(in.flip());
      }
    }
  }

  private void onClosed() {
    closed = true;
    closedNanos = System.nanoTime();
  }

  /** Leaves by FIN; what has not been read yet may make a RST of it. */
  @Override
  public void close() {
    left = true;
    try {
      channel.close();
    } catch (IOException gone) {
      onClosed();
    }
  }

  /** Leaves by RST. */
  void reset() throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    close();
  }

  /** Whether the server has closed or reset it, as far as was seen. */
  boolean isClosedByServer() {
    return closed;
  }

  /** From its opening to the server's close. */
  double secondsOpen() {
    return (closedNanos - openedNanos) / 1e9;
  }

  /** What Linux took; up to some megabytes of it may wait where the server has not read it. */
  long sentBytes() {
    return sentBytes;
  }

  long receivedBytes() {
    return receivedBytes;
  }

  ServerFrames answers() {
    return answers;
  }
}
