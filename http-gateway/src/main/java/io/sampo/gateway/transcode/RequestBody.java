package io.sampo.gateway.transcode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Request bodies, read to their end or thrown away. */
final class RequestBody {
  private RequestBody() {}

  /**
   * What came of a body.
   *
   * @param cut why it is not whole, in Go's words; empty if it is
   */
  record Received(byte[] bytes, Optional<String> cut) {}

  /** Thrown as a value: the body is longer than the limit. */
  static final class TooLongException extends Exception {
    private static final long serialVersionUID = 1L;
    private final long size;

    TooLongException(long size) {
      super("request body of " + size + " bytes", null, false, false);
      this.size = size;
    }

    long size() {
      return size;
    }
  }

  /**
   * The body, or what came of it before it was cut. A body above the limit is read to its end, so
   * that the answer reaches the client, but not kept.
   *
   * <p>The future is a plain one: a stage made from a Scala future would start a thread per request
   * on machines with two processors.
   */
  static CompletableFuture<Received> read(
      HttpRequest request, long limit, Materializer materializer) {
    if (request.entity() instanceof HttpEntity.Strict strict) {
      return strict.getData().size() > limit
          ? CompletableFuture.failedFuture(new TooLongException(strict.getData().size()))
          : CompletableFuture.completedFuture(
              new Received(strict.getData().toArrayUnsafe(), Optional.empty()));
    }
    Gathering gathering = new Gathering(limit);
    bytes(request)
        .fold(gathering, Gathering::add)
        .map(whole -> whole.finish(Optional.empty()))
        .recover(
            new PFBuilder<Throwable, Boolean>()
                .matchAny(cut -> gathering.finish(Optional.of(reason(cut))))
                .build())
        .to(Sink.ignore())
        .run(materializer);
    return gathering.received;
  }

  private static String reason(Throwable thrown) {
    return thrown instanceof IOException cut && cut.getMessage() != null
        ? cut.getMessage()
        : "unexpected EOF";
  }

  static void discard(HttpRequest request, Materializer materializer) {
    if (!(request.entity() instanceof HttpEntity.Strict)) {
      bytes(request).to(Sink.ignore()).run(materializer);
    }
  }

  /** The body without Pekko's own limit, which answers in another way than gRPC's. */
  static Source<ByteString, Object> bytes(HttpRequest request) {
    return request.entity().withoutSizeLimit().getDataBytes();
  }

  private static final class Gathering {
    private final CompletableFuture<Received> received = new CompletableFuture<>();
    private final long limit;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long size;

    Gathering(long limit) {
      this.limit = limit;
    }

    Gathering add(ByteString bytes) {
      size += bytes.size();
      if (size <= limit) {
        kept.writeBytes(bytes.toArrayUnsafe());
      } else {
        kept.reset();
      }
      return this;
    }

    boolean finish(Optional<String> cut) {
      return size <= limit
          ? received.complete(new Received(kept.toByteArray(), cut))
          : received.completeExceptionally(new TooLongException(size));
    }
  }
}
