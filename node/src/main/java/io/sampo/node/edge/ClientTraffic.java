package io.sampo.node.edge;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * Parts what comes in on a client port as etcd does. Without TLS, HTTP/2 is gRPC whatever the path,
 * and HTTP/1.1 is for the gateway and the endpoints beside it; with TLS, where everybody who can
 * comes by HTTP/2, the content type tells.
 */
public final class ClientTraffic implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final String HTTP_2 = "HTTP/2.0";

  private final Function<HttpRequest, CompletionStage<HttpResponse>> grpc;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> http;

  private final boolean secure;

  public ClientTraffic(
      Function<HttpRequest, CompletionStage<HttpResponse>> grpc,
      Function<HttpRequest, CompletionStage<HttpResponse>> http,
      boolean secure) {
    this.grpc = grpc;
    this.http = http;
    this.secure = secure;
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    return isGrpc(request) ? grpc.apply(request) : http.apply(request);
  }

  private boolean isGrpc(HttpRequest request) {
    return HTTP_2.equals(request.protocol().value())
        && (!secure || request.entity().getContentType().toString().contains("application/grpc"));
  }
}
