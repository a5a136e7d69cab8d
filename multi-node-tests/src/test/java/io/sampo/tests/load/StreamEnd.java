package io.sampo.tests.load;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;

/**
 * How a call ended.
 *
 * @param error empty if the gRPC status was 0
 */
public record StreamEnd(String error) {

  /** Whether the answer is a good one. */
  public boolean good() {
    return error.isEmpty();
  }

  static StreamEnd reset(int code) {
    return new StreamEnd("RST_STREAM " + code);
  }

  /** Reads the trailers, or the only headers of an answer without a message. */
  static StreamEnd of(ByteBuffer block, DefaultHttp2HeadersDecoder decoder) {
    try {
      Http2Headers headers = decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block));
      CharSequence status = headers.get("grpc-status");
      if (status != null && "0".contentEquals(status)) {
        return new StreamEnd("");
      }
      return new StreamEnd(status == null ? headers.toString() : headers.get("grpc-message") + "");
    } catch (Http2Exception e) {
      throw new LoadFailure("trailers: " + e.getMessage());
    }
  }
}
