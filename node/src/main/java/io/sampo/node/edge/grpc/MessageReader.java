package io.sampo.node.edge.grpc;

import io.sampo.node.edge.http2.Http2Stream;
import java.util.Arrays;

/**
 * Cuts the body of a call into its messages, decompressed. Between frames it holds what is not a
 * whole message yet, and what nobody has taken.
 */
final class MessageReader {
  private static final byte[] NONE = {};

  private final Http2Stream stream;
  private final String encoding;
  private final long maxMessageBytes;
  private byte[] bytes = NONE;
  private int from;
  private int to;

  /** Whether the bytes are ours and not the connection's. */
  private boolean owned;

  MessageReader(Http2Stream stream, String encoding, long maxMessageBytes) {
    this.stream = stream;
    this.encoding = encoding;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Takes what came. {@link #keep} must follow before the connection has its bytes back. */
  void add(byte[] more, int offset, int length) {
    if (from == to) {
      bytes = more;
      from = offset;
      to = offset + length;
      owned = false;
    } else if (length > 0) {
      append(more, offset, length);
    }
  }

  private void append(byte[] more, int offset, int length) {
    int held = to - from;
    if (to + length > bytes.length) {
      int wanted = Math.max(held + length, (int) Math.min(wholeBytes(), 2L * held));
      byte[] larger = new byte[wanted];
      System.arraycopy(bytes, from, larger, 0, held);
      bytes = larger;
      from = 0;
      to = held;
    }
    System.arraycopy(more, offset, bytes, to, length);
    to += length;
  }

  private long wholeBytes() {
    return to - from < GrpcFrames.PREFIX
        ? 0
        : GrpcFrames.PREFIX + Math.min(maxMessageBytes, GrpcFrames.length(bytes, from));
  }

  /** Bytes that are no message yet, or were not asked for. */
  int heldBytes() {
    return to - from;
  }

  /**
   * The next message, or null if it is not whole yet.
   *
   * @throws io.sampo.protocol.error.EtcdException if it is too large or cannot be decompressed
   */
  byte[] next() {
    int held = to - from;
    if (held < GrpcFrames.PREFIX) {
      return null;
    }
    long length = GrpcFrames.length(bytes, from);
    GrpcFrames.checkSize(length, maxMessageBytes);
    if (held - GrpcFrames.PREFIX < length) {
      stream.expect(length - (held - GrpcFrames.PREFIX));
      return null;
    }
    int start = from + GrpcFrames.PREFIX;
    byte flag = bytes[from];
    byte[] message = Arrays.copyOfRange(bytes, start, start + (int) length);
    from = start + (int) length;
    if (from == to) {
      release();
    }
    stream.consumed(GrpcFrames.PREFIX + (int) length);
    return GrpcFrames.decoded(message, flag, encoding, maxMessageBytes);
  }

  /** Keeps what is left beyond this turn. */
  void keep() {
    if (from == to) {
      release();
    } else if (!owned) {
      bytes = Arrays.copyOfRange(bytes, from, to);
      to -= from;
      from = 0;
      owned = true;
    }
  }

  private void release() {
    bytes = NONE;
    from = 0;
    to = 0;
    owned = false;
  }
}
