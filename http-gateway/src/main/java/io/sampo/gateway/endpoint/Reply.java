package io.sampo.gateway.endpoint;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** Responses in the forms that Go's net/http gives them. */
final class Reply {
  private static final HttpHeader NO_SNIFF = RawHeader.create("X-Content-Type-Options", "nosniff");

  private Reply() {}

  static HttpResponse ok(ContentType type, String body) {
    return HttpResponse.create().withEntity(HttpEntities.create(type, ByteString.fromString(body)));
  }

  static HttpResponse text(String body) {
    return ok(GoContentType.PLAIN_TEXT, body);
  }

  /** Plain text that a browser must take as such. */
  static HttpResponse unsniffedText(String body) {
    return text(body).addHeader(NO_SNIFF);
  }

  /** Go's {@code http.Error}: the text and a line break. */
  static HttpResponse error(StatusCode status, String text) {
    return unsniffedText(text + "\n").withStatus(status);
  }

  static HttpResponse notFound() {
    return error(StatusCodes.NOT_FOUND, "404 page not found");
  }

  /** 405 for anything but GET, HEAD included, as in etcd. */
  static Optional<CompletionStage<HttpResponse>> refusalUnlessGet(HttpRequest request) {
    if (request.method().equals(HttpMethods.GET)) {
      return Optional.empty();
    }
    HttpResponse refusal =
        error(StatusCodes.METHOD_NOT_ALLOWED, "Method Not Allowed")
            .addHeader(RawHeader.create("Allow", "GET"));
    return Optional.of(done(refusal));
  }

  static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
