package io.sampo.node.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.Materializer;

/**
 * Parts what comes in on a client port as etcd does: HTTP/2 is gRPC whatever the path, HTTP/1.1 is
 * for the gateway and the endpoints beside it.
 */
public final class ClientTraffic implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final String GRPC = "application/grpc";
  private static final String HTTP_2 = "HTTP/2.0";

  private final Function<HttpRequest, CompletionStage<HttpResponse>> grpc;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> http;
  private final Materializer materializer;

  public ClientTraffic(
      Function<HttpRequest, CompletionStage<HttpResponse>> grpc,
      Function<HttpRequest, CompletionStage<HttpResponse>> http,
      Materializer materializer) {
    this.grpc = grpc;
    this.http = http;
    this.materializer = materializer;
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    if (!HTTP_2.equals(request.protocol().value())) {
      return http.apply(request);
    }
    String contentType = request.entity().getContentType().toString();
    if (isGrpc(contentType)) {
      return grpc.apply(request);
    }
    request.discardEntityBytes(materializer);
    return CompletableFuture.completedFuture(
        HttpResponse.create()
            .withStatus(StatusCodes.UNSUPPORTED_MEDIA_TYPE)
            .withEntity("invalid gRPC request content-type \"" + contentType + "\"\n"));
  }

  /** {@code application/grpc}, also with a subtype or parameters behind. */
  static boolean isGrpc(String contentType) {
    if (!contentType.startsWith(GRPC)) {
      return false;
    }
    if (contentType.length() == GRPC.length()) {
      return true;
    }
    char next = contentType.charAt(GRPC.length());
    return next == '+' || next == ';';
  }
}
