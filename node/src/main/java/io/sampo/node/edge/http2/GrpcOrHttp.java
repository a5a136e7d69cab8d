package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ResponseHead;
import org.apache.pekko.util.ByteString;

/**
 * Parts the requests of an HTTP/2 connection with TLS as etcd does, by their content type; before
 * that it answers what Go's server answers by itself.
 */
public final class GrpcOrHttp implements RequestHandler {
  private final RequestHandler grpc;
  private final RequestHandler http;

  public GrpcOrHttp(RequestHandler grpc, RequestHandler http) {
    this.grpc = grpc;
    this.http = http;
  }

  @Override
  public StreamHandler open(Http2Stream stream, boolean ended) {
    String refusal = StrictRules.refusal(stream.head());
    if (refusal != null) {
      badRequest(stream, refusal);
      return StreamHandler.ANSWERED;
    }
    String contentType = stream.head().get("content-type");
    boolean isGrpc = contentType != null && contentType.contains("application/grpc");
    return (isGrpc ? grpc : http).open(stream, ended);
  }

  /** As Go's {@code http.Error}. */
  static void badRequest(Http2Stream stream, String text) {
    ByteString body = ByteString.fromString(text + '\n');
    stream.sendHead(
        ResponseHead.of(
            ":status",
            "400",
            "content-type",
            "text/plain; charset=utf-8",
            "x-content-type-options",
            "nosniff",
            "content-length",
            Integer.toString(body.size())));
    stream.send(body);
    stream.end();
  }
}
