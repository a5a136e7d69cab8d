package io.sampo.node.peer.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/** Bytes that have come and are not understood yet. */
final class FrameInput {
  /** Above this, an empty buffer is given back. */
  private static final int KEPT_BYTES = 256 << 10;

  private static final byte[] EMPTY = new byte[0];

  private byte[] bytes = EMPTY;
  private int start;
  private int end;

  void append(ByteString more) {
    byte[] piece = more.toArrayUnsafe();
    int length = piece.length;
    if (end + length > bytes.length) {
      int kept = end - start;
      byte[] target =
          kept + length <= bytes.length
              ? bytes
              : new byte[Math.max(kept + length, Math.min(2 * kept, 1 << 30))];
      System.arraycopy(bytes, start, target, 0, kept);
      bytes = target;
      start = 0;
      end = kept;
    }
    System.arraycopy(piece, 0, bytes, end, length);
    end += length;
  }

  int available() {
    return end - start;
  }

  int takeByte() {
    return bytes[start++] & 0xff;
  }

  long takeLong() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << Byte.SIZE | bytes[start++] & 0xff;
    }
    return value;
  }

  <T> T takeMessage(int length, Parser<T> parser) throws FrameException {
    try {
      T message = parser.parseFrom(Arrays.copyOfRange(bytes, start, start + length));
      start += length;
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw new FrameException("not a message: " + e.getMessage(), e);
    }
  }

  /** Forgets a buffer that one large frame has left behind. */
  void shrink() {
    if (start == end) {
      start = 0;
      end = 0;
      if (bytes.length > KEPT_BYTES) {
        bytes = EMPTY;
      }
    }
  }
}
