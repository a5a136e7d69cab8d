package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import org.apache.pekko.util.ByteString;

/**
 * gRPC's length-prefixed messages: one byte that says whether the message is compressed, four bytes
 * of length, the message.
 */
public final class GrpcFrames {
  static final int PREFIX = 5;
  static final String IDENTITY = "identity";
  static final String GZIP = "gzip";

  private GrpcFrames() {}

  /** A frame around a message that is not compressed. The message is copied once. */
  public static ByteString frame(byte[] message) {
    byte[] framed = prefixed(message.length);
    System.arraycopy(message, 0, framed, PREFIX, message.length);
    return ByteString.fromArrayUnsafe(framed);
  }

  /**
   * An array with the prefix of an uncompressed message written and room for the message behind.
   */
  public static byte[] prefixed(int messageLength) {
    byte[] framed = new byte[PREFIX + messageLength];
    writeLength(framed, messageLength);
    return framed;
  }

  /** The frame in the encoding that the call asked for. */
  static ByteString frame(byte[] message, String encoding) {
    if (!GZIP.equals(encoding)) {
      return frame(message);
    }
    byte[] compressed = GzipFrames.compress(message);
    byte[] framed = prefixed(compressed.length);
    framed[0] = 1;
    System.arraycopy(compressed, 0, framed, PREFIX, compressed.length);
    return ByteString.fromArrayUnsafe(framed);
  }

  /** The length that a frame's prefix announces, an unsigned 32-bit number. */
  static long length(ByteString frame, int offset) {
    return (frame.apply(offset + 1) & 0xffL) << 24
        | (frame.apply(offset + 2) & 0xffL) << 16
        | (frame.apply(offset + 3) & 0xffL) << 8
        | (frame.apply(offset + 4) & 0xffL);
  }

  /** The one message of a unary call's body. */
  static byte[] single(ByteString body, String encoding, long maxMessageBytes) {
    if (body.isEmpty()) {
      throw new EtcdException(Status.Code.INTERNAL, "EOF");
    }
    if (body.size() < PREFIX) {
      throw new EtcdException(Status.Code.UNKNOWN, "EOF");
    }
    long length = length(body, 0);
    checkSize(length, maxMessageBytes);
    if (body.size() - PREFIX < length) {
      throw new EtcdException(Status.Code.UNKNOWN, "unexpected EOF");
    }
    byte[] message = new byte[(int) length];
    ByteString content = body.drop(PREFIX);
    content.copyToArray(message, 0, (int) length);
    return decoded(message, body.apply(0), encoding, maxMessageBytes);
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

  private static void writeLength(byte[] framed, int length) {
    framed[1] = (byte) (length >>> 24);
    framed[2] = (byte) (length >>> 16);
    framed[3] = (byte) (length >>> 8);
    framed[4] = (byte) length;
  }
}
