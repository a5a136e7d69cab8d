package io.sampo.node.edge.http2.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts the bytes of a client into frames, wherever they were cut on their way. Holds at most one
 * frame that is not complete yet, and nothing between frames.
 */
public final class FrameReader {
  public static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Takes whole frames. */
  public interface Handler {
    /**
     * @param bytes holds the payload, from {@code offset} on; only during the call
     */
    void onFrame(int type, int flags, int streamId, byte[] bytes, int offset, int length);
  }

  private static final int TYPE_AT = 3;

  private final Handler handler;
  private final int maxBytes;
  private int prefaceRead;

  /** The begin of a frame, or null. */
  private byte[] partial;

  private int partialLength;

  /**
   * @param maxBytes the longest payload that is taken
   */
  public FrameReader(Handler handler, int maxBytes) {
    this.handler = handler;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes the next bytes.
   *
   * @throws ConnectionError on what is no HTTP/2, and what the handler throws
   */
  public void read(byte[] bytes) {
    int at = prefaceRead < PREFACE.length ? preface(bytes) : 0;
    if (partial != null) {
      at = completePartial(bytes, at);
    }
    while (bytes.length - at >= Frame.HEAD_BYTES) {
      int length = length(bytes, at);
      if (bytes.length - at - Frame.HEAD_BYTES < length) {
        break;
      }
      emit(bytes, at, length);
      at += Frame.HEAD_BYTES + length;
    }
    if (partial == null && at < bytes.length) {
      partial = Arrays.copyOfRange(bytes, at, bytes.length);
      partialLength = partial.length;
    }
  }

  private int preface(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && prefaceRead < PREFACE.length) {
      if (bytes[at++] != PREFACE[prefaceRead++]) {
        throw ConnectionError.unreadable("bogus greeting");
      }
    }
    return at;
  }

  private int completePartial(byte[] bytes, int from) {
    int at = fill(bytes, from, Frame.HEAD_BYTES);
    if (partialLength < Frame.HEAD_BYTES) {
      return at;
    }
    int length = length(partial, 0);
    at = fill(bytes, at, Frame.HEAD_BYTES + length);
    if (partialLength == Frame.HEAD_BYTES + length) {
      byte[] whole = partial;
      partial = null;
      emit(whole, 0, length);
    }
    return at;
  }

  /**
   * Moves bytes behind the partial frame until it is so long. Its array grows with what came, not
   * with what the head says will come.
   */
  private int fill(byte[] bytes, int from, int wanted) {
    int more = Math.min(Math.max(0, wanted - partialLength), bytes.length - from);
    if (partialLength + more > partial.length) {
      partial = Arrays.copyOf(partial, Math.min(wanted, 2 * (partialLength + more)));
    }
    System.arraycopy(bytes, from, partial, partialLength, more);
    partialLength += more;
    return from + more;
  }

  private int length(byte[] bytes, int at) {
    int length = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
    if (length > maxBytes) {
      throw ConnectionError.frameSize("frame too large");
    }
    return length;
  }

  /** Whether a frame has begun that is not whole, and is no DATA frame as far as one can see. */
  public boolean isInHead() {
    if (partial == null) {
      return prefaceRead < PREFACE.length;
    }
    return partialLength <= TYPE_AT || partial[TYPE_AT] != Frame.DATA;
  }

  private void emit(byte[] bytes, int at, int length) {
    handler.onFrame(
        bytes[at + 3] & 0xff,
        bytes[at + 4] & 0xff,
        Frame.int31(bytes, at + 5),
        bytes,
        at + Frame.HEAD_BYTES,
        length);
  }
}
