package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The one compression that etcd has, with grpc-go's words for what cannot be read. */
final class GzipFrames {
  private static final int HEADER = 10;

  private GzipFrames() {}

  /** A message as the client wrote it before compression. */
  static byte[] decompress(byte[] compressed, long maxMessageBytes) {
    if (compressed.length < HEADER) {
      throw failure("decompress the message", compressed.length == 0 ? "EOF" : "unexpected EOF");
    }
    GZIPInputStream in;
    try {
      in = new GZIPInputStream(new ByteArrayInputStream(compressed));
    } catch (IOException e) {
      throw failure("decompress the message", reason(e, "gzip: invalid header"));
    }
    byte[] message;
    try (in) {
      message = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxMessageBytes + 1));
    } catch (IOException e) {
      throw failure("read decompressed data", reason(e, "gzip: invalid checksum"));
    }
    if (message.length > maxMessageBytes) {
      throw new EtcdException(
          Status.Code.RESOURCE_EXHAUSTED,
          "grpc: received message after decompression larger than max " + maxMessageBytes);
    }
    return message;
  }

  static byte[] compress(byte[] message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(message.length / 2 + 32);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(message);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return out.toByteArray();
  }

  private static String reason(IOException e, String otherwise) {
    return e instanceof EOFException ? "unexpected EOF" : otherwise;
  }

  private static EtcdException failure(String what, String reason) {
    return new EtcdException(Status.Code.INTERNAL, "grpc: failed to " + what + ": " + reason);
  }
}
