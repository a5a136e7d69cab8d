package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ResponseHead;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.DateTime;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * Answers requests by routes over Pekko HTTP's model: those of browsers and of curl, which come by
 * HTTP/2 where there is TLS.
 */
public final class HttpBridge implements RequestHandler {
  private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;
  private final BiFunction<HttpRequest, CompletableFuture<Done>, HttpRequest> attachGone;
  private final LongSupplier currentMillis;

  /**
   * @param attachGone tells a request of the future that is done when its client has left
   * @param currentMillis for the {@code date} of answers
   */
  public HttpBridge(
      Function<HttpRequest, CompletionStage<HttpResponse>> routes,
      BiFunction<HttpRequest, CompletableFuture<Done>, HttpRequest> attachGone,
      LongSupplier currentMillis) {
    this.routes = routes;
    this.attachGone = attachGone;
    this.currentMillis = currentMillis;
  }

  @Override
  public StreamHandler open(Http2Stream stream, boolean ended) {
    BridgedCall call = new BridgedCall(this, stream);
    if ("100-continue".equals(stream.head().get("expect"))) {
      stream.sendHead(ResponseHead.of(":status", "100"));
    }
    if (ended) {
      call.onData(new byte[0], 0, 0, true);
    } else {
      call.expectBody();
    }
    return call;
  }

  CompletionStage<HttpResponse> answer(HttpRequest request, CompletableFuture<Done> gone) {
    return routes.apply(attachGone.apply(request, gone));
  }

  String date() {
    return DateTime.create(currentMillis.getAsLong()).toRfc1123DateTimeString();
  }
}
