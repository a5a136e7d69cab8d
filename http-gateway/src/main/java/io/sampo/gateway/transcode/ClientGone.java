package io.sampo.gateway.transcode;

import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Whether the client of a request has left, as whoever owns its connection sees it: it ended its
 * side of the connection after the request, or the connection broke. Go's net/http cancels the
 * request's context then.
 */
public final class ClientGone {
  private static final AttributeKey<Signal> KEY = AttributeKey.create("client-gone", Signal.class);

  private ClientGone() {}

  private record Signal(CompletableFuture<Done> gone) {}

  /** The same request, whose client has left once {@code gone} completes. */
  public static HttpRequest attach(HttpRequest request, CompletableFuture<Done> gone) {
    return request.addAttribute(KEY, new Signal(gone));
  }

  /** Completes, never with a failure, when the client leaves; never if nobody looks. */
  public static CompletableFuture<Done> of(HttpRequest request) {
    return request.getAttribute(KEY).map(Signal::gone).orElseGet(CompletableFuture::new);
  }
}
