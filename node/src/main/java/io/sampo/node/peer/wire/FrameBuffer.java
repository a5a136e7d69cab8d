package io.sampo.node.peer.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/** Collects frames, so that one write carries all that is waiting. Not for two threads. */
public final class FrameBuffer {
  private static final int INITIAL_BYTES = 256;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int size;

  public int size() {
    return size;
  }

  /** What was collected; the buffer is empty afterwards. */
  public ByteString take() {
    ByteString taken = ByteString.fromArrayUnsafe(bytes, 0, size);
    bytes = new byte[INITIAL_BYTES];
    size = 0;
    return taken;
  }

  void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** Big endian, as every number between frames. */
  void putLong(long value) {
    reserve(Long.BYTES);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** The length, then the encoded message. */
  void putMessage(MessageLite message) {
    int length = message.getSerializedSize();
    putLong(length);
    reserve(length);
    CodedOutputStream output = CodedOutputStream.newInstance(bytes, size, length);
    try {
      message.writeTo(output);
      output.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new IllegalStateException("a message changed its size while it was written", e);
    }
    size += length;
  }

  private void reserve(int more) {
    long needed = (long) size + more;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(needed, Math.min(2L * size, 1 << 30))));
    }
  }
}
