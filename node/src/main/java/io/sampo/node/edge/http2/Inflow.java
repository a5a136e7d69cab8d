package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ConnectionError;
import io.sampo.node.edge.http2.frame.ErrorCode;
import io.sampo.node.edge.http2.frame.FrameWriter;
import java.util.ArrayDeque;

/**
 * What clients may send, and what of it is held here. The connection's window opens again with
 * every frame, so that no stream holds up another; a stream's window opens as its bytes are
 * consumed. A message larger than a window is let in when its size is known, but only so many bytes
 * of such messages at a time: the others wait for their turn.
 */
final class Inflow {
  static final int CONNECTION_WINDOW = 1 << 20;

  /** Large messages that are on their way together; a larger one comes alone. */
  private static final long MAX_EXPECTED_BYTES = 16 << 20;

  /** All that was received and not consumed; the stream that brings more is reset. */
  private static final long MAX_HELD_BYTES = 64 << 20;

  private static final int UPDATE_FROM_BYTES = 1 << 15;

  private final FrameWriter writer;
  private final int initialStreamWindow;
  private int connectionWindow = CONNECTION_WINDOW;
  private long heldBytes;
  private long expectedBytes;
  private final ArrayDeque<Http2Stream> waiting = new ArrayDeque<>(2);

  /**
   * @param initialStreamWindow what the settings announce, in bytes
   */
  Inflow(FrameWriter writer, int initialStreamWindow) {
    this.writer = writer;
    this.initialStreamWindow = initialStreamWindow;
  }

  int initialStreamWindow() {
    return initialStreamWindow;
  }

  /** A DATA frame came, of whatever stream. */
  void onConnectionData(int length) {
    connectionWindow -= length;
    if (connectionWindow < 0) {
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "connection window exceeded");
    }
    if (connectionWindow < CONNECTION_WINDOW / 2) {
      writer.windowUpdate(0, CONNECTION_WINDOW - connectionWindow);
      connectionWindow = CONNECTION_WINDOW;
    }
  }

  /**
   * A DATA frame came on an open stream.
   *
   * @return the code with which the stream must be reset, or {@code NO_ERROR}
   */
  int onStreamData(Http2Stream stream, int length) {
    stream.receiveWindow -= length;
    stream.heldBytes += length;
    heldBytes += length;
    if (stream.receiveWindow < 0) {
      return ErrorCode.FLOW_CONTROL_ERROR;
    }
    return heldBytes > MAX_HELD_BYTES ? ErrorCode.ENHANCE_YOUR_CALM : ErrorCode.NO_ERROR;
  }

  /** So many bytes of a stream are needed no more. */
  void consumed(Http2Stream stream, int bytes) {
    stream.heldBytes -= bytes;
    heldBytes -= bytes;
    int extra = (int) Math.min(bytes, stream.expectedBytes);
    release(stream, extra);
    stream.unreturnedBytes += bytes - extra;
    if (stream.unreturnedBytes >= UPDATE_FROM_BYTES && !stream.isRemoteClosed()) {
      open(stream, stream.unreturnedBytes);
      stream.unreturnedBytes = 0;
    }
  }

  private void open(Http2Stream stream, int bytes) {
    stream.receiveWindow += bytes;
    writer.windowUpdate(stream.id(), bytes);
  }

  /**
   * A message comes of which so many bytes are missing.
   *
   * @param bytes more than the stream's window or not
   */
  void expect(Http2Stream stream, long bytes) {
    long beyond = bytes - stream.receiveWindow;
    if (beyond <= 0 || stream.isRemoteClosed() || stream.wantedBytes > 0) {
      return;
    }
    stream.wantedBytes = (int) beyond;
    waiting.add(stream);
    admit();
  }

  private void admit() {
    while (!waiting.isEmpty()) {
      Http2Stream next = waiting.peek();
      if (expectedBytes > 0 && expectedBytes + next.wantedBytes > MAX_EXPECTED_BYTES) {
        return;
      }
      waiting.poll();
      next.expectedBytes += next.wantedBytes;
      expectedBytes += next.wantedBytes;
      open(next, next.wantedBytes);
      next.wantedBytes = 0;
    }
  }

  private void release(Http2Stream stream, long bytes) {
    if (bytes > 0) {
      stream.expectedBytes -= bytes;
      expectedBytes -= bytes;
      admit();
    }
  }

  /** Nothing of the stream is held any more. */
  void closed(Http2Stream stream) {
    heldBytes -= stream.heldBytes;
    stream.heldBytes = 0;
    if (stream.wantedBytes > 0) {
      waiting.remove(stream);
      stream.wantedBytes = 0;
    }
    release(stream, stream.expectedBytes);
  }
}
