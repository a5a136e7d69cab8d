package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ConnectionError;
import java.util.Arrays;

/** Puts header blocks together that come in several frames, within bounds. */
final class HeaderBlocks {
  private static final int MAX_BYTES = Http2Settings.MAX_HEADER_LIST_BYTES;
  private static final int MAX_FRAMES = 256;

  private int streamId;
  private boolean endStream;
  private byte[] block;
  private int length;
  private int frames;

  /** Whether a block has begun and its next frame must come now. */
  boolean isOpen() {
    return streamId != 0;
  }

  int streamId() {
    return streamId;
  }

  boolean endStream() {
    return endStream;
  }

  void begin(int id, boolean end, byte[] bytes, int offset, int size) {
    streamId = id;
    endStream = end;
    block = Arrays.copyOfRange(bytes, offset, offset + size);
    length = size;
    frames = 1;
  }

  /**
   * @param strict whether too many bytes are a fault of the protocol, as Go's net/http says
   */
  void add(byte[] bytes, int offset, int size, boolean strict) {
    frames++;
    if (frames > MAX_FRAMES || length + size > MAX_BYTES) {
      throw strict
          ? ConnectionError.protocol("header block too large").of(streamId)
          : ConnectionError.calm("header block too large");
    }
    if (length + size > block.length) {
      block = Arrays.copyOf(block, Math.max(length + size, Math.min(2 * length, MAX_BYTES)));
    }
    System.arraycopy(bytes, offset, block, length, size);
    length += size;
  }

  /** The whole block; the next may begin. */
  byte[] take() {
    byte[] whole = block.length == length ? block : Arrays.copyOf(block, length);
    block = null;
    streamId = 0;
    return whole;
  }
}
