package io.sampo.tests.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Tells a good answer from a failed one. The connection asked for a dynamic table of size 0, so
 * equal bytes mean equal headers, and a block seen before need not be decoded.
 */
final class AnswerHeaders {

  private static final String REFUSED = "etcdserver: too many requests";

  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private byte[] knownStart = new byte[0];
  private byte[] knownEnd = new byte[0];

  /** Headers before the message: the HTTP status must be 200. */
  void start(ByteBuffer block) {
    byte[] bytes = bytesIfNew(block, knownStart);
    if (bytes != null) {
      Http2Headers headers = decode(bytes);
      if (!"200".contentEquals(headers.status())) {
        throw new LoadFailure("HTTP " + headers);
      }
      knownStart = bytes;
    }
  }

  /** Trailers: false if the call was refused for overload; any other error is a failure. */
  boolean end(ByteBuffer block) {
    byte[] bytes = bytesIfNew(block, knownEnd);
    if (bytes != null) {
      Http2Headers headers = decode(bytes);
      CharSequence message = headers.get("grpc-message");
      if (message != null && REFUSED.contentEquals(message)) {
        return false;
      }
      CharSequence status = headers.get("grpc-status");
      if (status == null || !"0".contentEquals(status)) {
        throw new LoadFailure("gRPC " + headers);
      }
      knownEnd = bytes;
    }
    return true;
  }

  private static byte[] bytesIfNew(ByteBuffer block, byte[] known) {
    if (block.equals(ByteBuffer.wrap(known))) {
      return null;
    }
    byte[] bytes = new byte[block.remaining()];
    block.get(bytes);
    return bytes;
  }

  private Http2Headers decode(byte[] bytes) {
    ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
    try {
      return decoder.decodeHeaders(1, buffer);
    } catch (Http2Exception e) {
      throw new LoadFailure("headers " + Arrays.toString(bytes) + ": " + e.getMessage());
    }
  }
}
