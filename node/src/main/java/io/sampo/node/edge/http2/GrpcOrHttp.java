package io.sampo.node.edge.http2;

import io.sampo.gateway.endpoint.CleanPath;
import io.sampo.node.edge.http2.frame.RequestHead;
import io.sampo.node.edge.http2.frame.ResponseHead;

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
    RequestHead head = stream.head();
    String refusal = StrictRules.refusal(head);
    if (refusal != null) {
      new PlainText(400, refusal).answer(stream);
      return StreamHandler.ANSWERED;
    }
    if (!isGrpc(head)) {
      return http.open(stream, ended);
    }
    String clean = CleanPath.ofTarget(head.path());
    if (!clean.equals(head.path())) {
      redirect(stream, clean);
      return StreamHandler.ANSWERED;
    }
    if (!ended && "100-continue".equals(head.get("expect"))) {
      stream.sendHead(ResponseHead.of(":status", "100"));
    }
    return grpc.open(stream, ended);
  }

  /**
   * The gateway's paths are the gateway's, whatever comes there, and so are questions by OPTIONS.
   */
  private static boolean isGrpc(RequestHead head) {
    String contentType = head.get("content-type");
    return contentType != null
        && contentType.contains("application/grpc")
        && !head.path().startsWith("/v3/")
        && !head.method().equals("OPTIONS");
  }

  private static void redirect(Http2Stream stream, String path) {
    ResponseHead there = ResponseHead.of(":status", "307", "location", path, "content-length", "0");
    stream.soon(() -> stream.answer(there));
  }
}
