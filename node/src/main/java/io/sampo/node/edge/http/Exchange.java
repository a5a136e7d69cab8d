package io.sampo.node.edge.http;

import io.sampo.gateway.endpoint.SentPath;
import io.sampo.gateway.transcode.ClientGone;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.RequestEntityAcceptances;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * One request and its answer. Owned by its connection; what is shared with its body is volatile.
 */
final class Exchange {
  private final RequestHead head;
  private final CompletableFuture<Done> gone = new CompletableFuture<>();
  private volatile String bodyFailure = "";

  Exchange(RequestHead head) {
    this.head = head;
  }

  RequestHead head() {
    return head;
  }

  /** The client has left, or at least will send nothing more. */
  void clientLeft() {
    gone.complete(Done.getInstance());
  }

  /** The body ended before its time, for this reason. */
  void bodyFailed(String reason) {
    bodyFailure = reason;
  }

  /**
   * What Pekko made of the head that was passed to it, with what was held back from it.
   *
   * @param bodyEnded told once a body that comes in pieces was read or given up
   */
  HttpRequest restore(HttpRequest passed, Runnable bodyEnded) {
    HttpRequest request = passed.removeHeader("host");
    Optional<String> host = head.host();
    if (host.isPresent()) {
      request = request.addHeader(RawHeader.create("Host", host.get()));
    }
    if (!head.target().isPlain()) {
      request = SentPath.attach(request, head.target().path());
    }
    if (!head.method().equals(head.passedMethod())) {
      request =
          request.withMethod(
              HttpMethods.lookup(head.method())
                  .orElseGet(
                      () ->
                          HttpMethods.custom(
                              head.method(), false, false, RequestEntityAcceptances.Tolerated)));
    }
    if (!request.entity().isStrict()) {
      request = request.withEntity(entity(request.entity(), bodyEnded));
    }
    return ClientGone.attach(request, gone);
  }

  private RequestEntity entity(RequestEntity passed, Runnable ended) {
    var bytes = passed.withoutSizeLimit().getDataBytes().via(body(ended));
    return head.isChunked()
        ? HttpEntities.createChunked(passed.getContentType(), bytes)
        : HttpEntities.create(passed.getContentType(), head.length().getAsLong(), bytes);
  }

  private Flow<ByteString, ByteString, NotUsed> body(Runnable ended) {
    return Flow.fromGraph(new ReceivedBody(() -> bodyFailure, ended));
  }
}
