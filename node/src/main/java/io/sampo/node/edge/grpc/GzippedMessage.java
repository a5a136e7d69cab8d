package io.sampo.node.edge.grpc;

import io.sampo.node.edge.LongWork;
import io.sampo.node.edge.http2.EncodedMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.zip.GZIPOutputStream;

/**
 * A message as gzip, in pieces: one array as large as an answer may be is hard to find room for.
 */
final class GzippedMessage implements EncodedMessage {
  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
  private int from;
  private int size;

  @Override
  public int size() {
    return size;
  }

  @Override
  public void write(byte[] target, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      byte[] piece = pieces.element();
      int some = Math.min(end - at, piece.length - from);
      System.arraycopy(piece, from, target, at, some);
      at += some;
      from += some;
      if (from == piece.length) {
        pieces.remove();
        from = 0;
      }
    }
  }

  private void add(byte[] piece) {
    if (piece.length > 0) {
      pieces.add(piece);
      size = Math.addExact(size, piece.length);
    }
  }

  /** Makes one of another message that nothing was written of yet, in slices. */
  static final class Compression implements LongWork.Slices<GzippedMessage> {
    private static final int SLICE_BYTES = 1 << 15;

    private final EncodedMessage message;
    private final byte[] slice = new byte[SLICE_BYTES];
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream(SLICE_BYTES / 2);
    private final GZIPOutputStream gzip;
    private final GzippedMessage result = new GzippedMessage();
    private int remaining;

    Compression(EncodedMessage message) {
      this.message = message;
      this.remaining = message.size();
      try {
        this.gzip = new GZIPOutputStream(compressed);
      } catch (IOException e) {
        throw new IllegalStateException("writing to memory failed", e);
      }
    }

    @Override
    public boolean advance() {
      int some = Math.min(slice.length, remaining);
      message.write(slice, 0, some);
      remaining -= some;
      try {
        gzip.write(slice, 0, some);
        if (remaining == 0) {
          gzip.close();
        }
      } catch (IOException e) {
        throw new IllegalStateException("writing to memory failed", e);
      }
      if (remaining == 0 || compressed.size() >= SLICE_BYTES) {
        result.add(compressed.toByteArray());
        compressed.reset();
      }
      return remaining == 0;
    }

    @Override
    public GzippedMessage result() {
      return result;
    }
  }
}
