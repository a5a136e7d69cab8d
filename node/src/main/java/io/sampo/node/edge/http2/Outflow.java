package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ConnectionError;
import io.sampo.node.edge.http2.frame.ErrorCode;
import io.sampo.node.edge.http2.frame.Frame;
import io.sampo.node.edge.http2.frame.FrameWriter;
import io.sampo.node.edge.http2.frame.HeaderEncoder;
import io.sampo.node.edge.http2.frame.ResponseHead;
import java.util.ArrayDeque;
import org.apache.pekko.util.ByteString;

/**
 * What goes to the client: heads and trailers in the order of their making, data as far as both
 * windows reach. What cannot leave waits with its stream; streams take turns, a frame each.
 */
final class Outflow {
  /** What one turn of the connection writes at most, but for control frames. */
  static final int TURN_BYTES = 1 << 17;

  private static final int MAX_WINDOW = Integer.MAX_VALUE;

  /** What gRPC puts before a message. */
  private static final int PREFIX = 5;

  private final FrameWriter writer;
  private final HeaderEncoder encoder = new HeaderEncoder();
  private final KeepAlive keepAlive;
  private final FloodGuard floods;
  private final ArrayDeque<Http2Stream> ready = new ArrayDeque<>(4);
  private int window = Frame.DEFAULT_WINDOW;
  private int initialStreamWindow = Frame.DEFAULT_WINDOW;
  private int maxFrameBytes = Frame.MAX_BYTES;

  Outflow(FrameWriter writer, KeepAlive keepAlive, FloodGuard floods) {
    this.writer = writer;
    this.keepAlive = keepAlive;
    this.floods = floods;
  }

  int initialStreamWindow() {
    return initialStreamWindow;
  }

  void head(int streamId, ResponseHead head, boolean end) {
    keepAlive.onSent();
    writer.headers(streamId, encoder.encode(head), end, maxFrameBytes);
  }

  /** One gRPC message; the array must not change any more. */
  void message(Http2Stream stream, int compressed, byte[] message) {
    long length = (long) PREFIX + message.length;
    if (canWrite(stream, length)) {
      spend(stream, (int) length);
      writer.message(stream.id(), compressed, message);
    } else {
      stream.pending.add(
          prefix(compressed, message.length).concat(ByteString.fromArrayUnsafe(message)));
      enqueued(stream);
    }
  }

  /** One gRPC message, of which nothing has been written yet. */
  void message(Http2Stream stream, int compressed, EncodedMessage message) {
    if (message.size() <= maxFrameBytes - PREFIX) {
      message(stream, compressed, message.toByteArray());
    } else {
      stream.pending.add(prefix(compressed, message.size()), message);
      enqueued(stream);
    }
  }

  private static ByteString prefix(int compressed, int length) {
    return ByteString.fromArrayUnsafe(
        new byte[] {
          (byte) compressed,
          (byte) (length >>> 24),
          (byte) (length >>> 16),
          (byte) (length >>> 8),
          (byte) length
        });
  }

  void data(Http2Stream stream, ByteString bytes) {
    if (canWrite(stream, bytes.size())) {
      spend(stream, bytes.size());
      writer.data(stream.id(), bytes);
    } else {
      stream.pending.add(bytes);
      enqueued(stream);
    }
  }

  /** An end without trailers. */
  void endData(Http2Stream stream) {
    writer.endData(stream.id());
  }

  private boolean canWrite(Http2Stream stream, long length) {
    return stream.pending.isEmpty()
        && length <= maxFrameBytes
        && length <= window
        && length <= stream.sendWindow
        && writer.size() < TURN_BYTES;
  }

  private void spend(Http2Stream stream, int length) {
    window -= length;
    stream.sendWindow -= length;
    keepAlive.onSent();
    floods.earn(2 * FloodGuard.WINDOW_UPDATE);
  }

  private void enqueued(Http2Stream stream) {
    stream.room().waiting(stream.pending.heldBytes());
    schedule(stream);
  }

  private void schedule(Http2Stream stream) {
    if (!stream.isReady && stream.sendWindow > 0 && !stream.pending.isEmpty()) {
      stream.isReady = true;
      ready.add(stream);
    }
  }

  /** Writes what waited, as much as one turn and the windows allow. */
  void writePending() {
    while (!ready.isEmpty() && window > 0 && writer.size() < TURN_BYTES) {
      Http2Stream stream = ready.poll();
      stream.isReady = false;
      if (stream.isOpen() && !stream.pending.isEmpty() && stream.sendWindow > 0) {
        writeOne(stream);
      }
    }
  }

  private void writeOne(Http2Stream stream) {
    int length = Math.min(Math.min(window, stream.sendWindow), maxFrameBytes);
    long before = stream.pending.heldBytes();
    ByteString now = stream.pending.take(length);
    spend(stream, now.size());
    stream.room().left(before - stream.pending.heldBytes());
    writer.data(stream.id(), now);
    if (stream.pending.isEmpty()) {
      stream.onWritten();
    } else {
      schedule(stream);
    }
  }

  /** Whether something waits that could leave. */
  boolean hasReady() {
    return !ready.isEmpty() && window > 0;
  }

  /**
   * The client opens the connection's window.
   *
   * @param strict whether it may not open it further than HTTP/2 allows; else it stays at that
   */
  void onConnectionWindow(int increment, boolean strict) {
    long opened = (long) window + increment;
    if (opened > MAX_WINDOW && strict) {
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "connection window overflow");
    }
    window = (int) Math.min(opened, MAX_WINDOW);
  }

  /**
   * The client opens a stream's window.
   *
   * @param strict as above
   * @return whether it may be so large
   */
  boolean onStreamWindow(Http2Stream stream, int increment, boolean strict) {
    long opened = (long) stream.sendWindow + increment;
    if (opened > MAX_WINDOW && strict) {
      return false;
    }
    stream.sendWindow = (int) Math.min(opened, MAX_WINDOW);
    schedule(stream);
    return true;
  }

  /** The client sets the window that streams begin with; those that are open change with it. */
  void onInitialWindow(int bytes, Streams streams) {
    int change = bytes - initialStreamWindow;
    initialStreamWindow = bytes;
    for (Http2Stream stream : streams.all()) {
      if (!onStreamWindow(stream, change, true)) {
        throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "stream window overflow");
      }
    }
  }

  void onMaxFrameBytes(int bytes) {
    // Larger frames gain nothing and delay others.
    maxFrameBytes = Math.min(bytes, Frame.MAX_BYTES);
  }

  void onTableSize(int bytes) {
    encoder.onTableSize(bytes);
  }
}
