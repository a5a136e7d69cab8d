package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import org.apache.pekko.util.ByteString;

/**
 * gRPC's length-prefixed messages: one byte that says whether the message is compressed, four bytes
 * of length, the message.
 */
public final class GrpcFrames {
  public static final int PREFIX = 5;
  static final String IDENTITY = "identity";
  static final String GZIP = "gzip";

  private GrpcFrames() {}

  /** A frame around a message that is not compressed. The message is copied once. */
  public static ByteString frame(byte[] message) {
    return ByteString.fromArrayUnsafe(framed(0, message));
  }

  static byte[] framed(int flag, byte[] message) {
    byte[] framed = new byte[PREFIX + message.length];
    framed[0] = (byte) flag;
    framed[1] = (byte) (message.length >>> 24);
    framed[2] = (byte) (message.length >>> 16);
    framed[3] = (byte) (message.length >>> 8);
    framed[4] = (byte) message.length;
    System.arraycopy(message, 0, framed, PREFIX, message.length);
    return framed;
  }

  /** The length that a frame's prefix announces, an unsigned 32-bit number. */
  static long length(byte[] bytes, int offset) {
    return (bytes[offset + 1] & 0xffL) << 24
        | (bytes[offset + 2] & 0xffL) << 16
        | (bytes[offset + 3] & 0xffL) << 8
        | (bytes[offset + 4] & 0xffL);
  }

  /** How many whole frames these are; cheap where they are one array. */
  static int count(ByteString frames) {
    int count = 0;
    long at = 0;
    while (at < frames.size()) {
      int from = (int) at + 1;
      long length = 0;
      for (int i = from; i < from + Integer.BYTES; i++) {
        length = length << Byte.SIZE | frames.apply(i) & 0xffL;
      }
      at += PREFIX + length;
      count++;
    }
    return count;
  }

  static void checkSize(long length, long maxMessageBytes) {
    if (length > maxMessageBytes) {
      throw new EtcdException(
          Status.Code.RESOURCE_EXHAUSTED,
          "grpc: received message larger than max (" + length + " vs. " + maxMessageBytes + ")");
    }
  }

  /** A message as the client wrote it before compression. */
  static byte[] decoded(byte[] message, byte flag, String encoding, long maxMessageBytes) {
    if (flag == 0) {
      return message;
    }
    if (flag != 1) {
      throw new EtcdException(
          Status.Code.INTERNAL, "grpc: received unexpected payload format " + (flag & 0xff));
    }
    if (IDENTITY.equals(encoding)) {
      throw new EtcdException(
          Status.Code.INTERNAL, "grpc: compressed flag set with identity or empty encoding");
    }
    return GzipFrames.decompress(message, maxMessageBytes);
  }
}
