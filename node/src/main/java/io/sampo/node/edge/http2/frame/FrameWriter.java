package io.sampo.node.edge.http2.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/**
 * Collects the frames of one turn of the connection, so that they leave together. Small pieces are
 * copied together, large ones stay where they are. Holds nothing once its bytes are taken.
 */
public final class FrameWriter {
  private static final int SHARED_FROM_BYTES = 4_096;
  private static final int FIRST_BYTES = 256;

  private byte[] buffer;
  private int used;

  /** What stands before the buffer. */
  private ByteString before = ByteString.emptyByteString();

  /** How much the last turn wrote, more or less. */
  private int likelyBytes = FIRST_BYTES;

  /** Bytes that wait to be taken. */
  public int size() {
    return before.size() + used;
  }

  /** Gives what was written since the last time. */
  public ByteString take() {
    seal();
    ByteString taken = before;
    before = ByteString.emptyByteString();
    likelyBytes = Math.max(FIRST_BYTES, Math.min(SHARED_FROM_BYTES, taken.size()));
    return taken;
  }

  private void seal() {
    if (used > 0) {
      ByteString piece = ByteString.fromArrayUnsafe(buffer, 0, used);
      before = before.isEmpty() ? piece : before.concat(piece);
      buffer = null;
      used = 0;
    }
  }

  private void reserve(int bytes) {
    if (buffer == null) {
      buffer = new byte[Math.max(likelyBytes, bytes)];
    } else if (buffer.length - used < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, used + bytes));
    }
  }

  private void head(int length, int type, int flags, int streamId) {
    reserve(Frame.HEAD_BYTES + Math.min(length, SHARED_FROM_BYTES));
    buffer[used] = (byte) (length >>> 16);
    buffer[used + 1] = (byte) (length >>> 8);
    buffer[used + 2] = (byte) length;
    buffer[used + 3] = (byte) type;
    buffer[used + 4] = (byte) flags;
    used += 5;
    int32(streamId);
  }

  private void int32(int value) {
    reserve(4);
    buffer[used++] = (byte) (value >>> 24);
    buffer[used++] = (byte) (value >>> 16);
    buffer[used++] = (byte) (value >>> 8);
    buffer[used++] = (byte) value;
  }

  private void bytes(byte[] bytes, int from, int length) {
    reserve(length);
    System.arraycopy(bytes, from, buffer, used, length);
    used += length;
  }

  /** A DATA frame without an end; the bytes must never change any more. */
  public void data(int streamId, ByteString bytes) {
    int length = bytes.size();
    head(length, Frame.DATA, 0, streamId);
    if (length >= SHARED_FROM_BYTES) {
      seal();
      before = before.concat(bytes);
    } else {
      bytes.copyToArray(buffer, used, length);
      used += length;
    }
  }

  /** A DATA frame that holds one gRPC message behind its prefix of five bytes. */
  public void message(int streamId, int compressed, byte[] message) {
    head(5 + message.length, Frame.DATA, 0, streamId);
    reserve(5);
    buffer[used++] = (byte) compressed;
    int32(message.length);
    if (message.length >= SHARED_FROM_BYTES) {
      seal();
      before = before.concat(ByteString.fromArrayUnsafe(message));
    } else {
      bytes(message, 0, message.length);
    }
  }

  /** An empty DATA frame that ends the stream. */
  public void endData(int streamId) {
    head(0, Frame.DATA, Frame.END_STREAM, streamId);
  }

  /** A header block, in as many frames as it needs. */
  public void headers(int streamId, byte[] block, boolean end, int maxFrameBytes) {
    int flags = end ? Frame.END_STREAM : 0;
    int length = Math.min(block.length, maxFrameBytes);
    boolean whole = length == block.length;
    head(length, Frame.HEADERS, whole ? flags | Frame.END_HEADERS : flags, streamId);
    bytes(block, 0, length);
    for (int at = length; at < block.length; at += length) {
      length = Math.min(block.length - at, maxFrameBytes);
      boolean last = at + length == block.length;
      head(length, Frame.CONTINUATION, last ? Frame.END_HEADERS : 0, streamId);
      bytes(block, at, length);
    }
  }

  public void resetStream(int streamId, int code) {
    head(4, Frame.RST_STREAM, 0, streamId);
    int32(code);
  }

  /**
   * @param pairs an identifier, its value, the next identifier and so on
   */
  public void settings(int... pairs) {
    head(pairs.length * 3, Frame.SETTINGS, 0, 0);
    for (int i = 0; i < pairs.length; i += 2) {
      reserve(6);
      buffer[used++] = (byte) (pairs[i] >>> 8);
      buffer[used++] = (byte) pairs[i];
      int32(pairs[i + 1]);
    }
  }

  public void settingsAck() {
    head(0, Frame.SETTINGS, Frame.ACK, 0);
  }

  public void ping(boolean ack, byte[] bytes, int from) {
    head(8, Frame.PING, ack ? Frame.ACK : 0, 0);
    bytes(bytes, from, 8);
  }

  public void goAway(int lastStreamId, int code, String debug) {
    byte[] text = debug.getBytes(StandardCharsets.US_ASCII);
    head(8 + text.length, Frame.GOAWAY, 0, 0);
    int32(lastStreamId);
    int32(code);
    bytes(text, 0, text.length);
  }

  public void windowUpdate(int streamId, int increment) {
    head(4, Frame.WINDOW_UPDATE, 0, streamId);
    int32(increment);
  }
}
