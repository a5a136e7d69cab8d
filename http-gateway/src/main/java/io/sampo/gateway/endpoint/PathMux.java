package io.sampo.gateway.endpoint;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;

/**
 * Paths to handlers by the rules of Go's ServeMux: exact paths, subtrees, a redirect to the clean
 * form of a path, and 404 for the rest. Handlers are added before the first request.
 */
public final class PathMux implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private final Map<String, Function<HttpRequest, CompletionStage<HttpResponse>>> exact =
      new HashMap<>();
  private final Map<String, Function<HttpRequest, CompletionStage<HttpResponse>>> subtrees =
      new HashMap<>();
  private final Materializer materializer;

  public PathMux(Materializer materializer) {
    this.materializer = materializer;
  }

  /** For requests that do not stream their body; what there is of it is thrown away. */
  public void handle(String path, Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    exact.put(path, handler);
  }

  /**
   * @param prefix ends with a slash; the path without it is redirected to it
   */
  public void handleBelow(
      String prefix, Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    subtrees.put(prefix, handler);
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    Optional<HttpResponse> own = answerToPath(request, subtrees.keySet());
    if (own.isPresent()) {
      request.discardEntityBytes(materializer);
      return Reply.done(own.get());
    }
    String path = path(request);
    for (var subtree : subtrees.entrySet()) {
      if (path.startsWith(subtree.getKey())) {
        return subtree.getValue().apply(request);
      }
    }
    request.discardEntityBytes(materializer);
    var handler = exact.get(path);
    return handler == null ? Reply.done(Reply.notFound()) : handler.apply(request);
  }

  /**
   * What Go's mux answers by itself, whatever handlers it has: to a request for the server, and to
   * one whose path is not clean or lacks the slash of a subtree. What CONNECT asks for need not be
   * clean.
   *
   * @param subtrees paths that end with a slash
   */
  public static Optional<HttpResponse> answerToPath(HttpRequest request, Set<String> subtrees) {
    String path = path(request);
    if (path.equals(SentPath.SERVER)) {
      return Optional.of(
          HttpResponse.create()
              .withStatus(StatusCodes.BAD_REQUEST)
              .addHeader(Connection.create("close")));
    }
    String clean = request.method().value().equals("CONNECT") ? path : CleanPath.of(path);
    if (subtrees.contains(clean + "/")) {
      return Optional.of(redirect(request, clean + "/"));
    }
    if (clean.equals(path)) {
      return Optional.empty();
    }
    // What is escaped is escaped again, for Go takes the escaped path for a plain one here.
    boolean isEscaped = SentPath.of(request).isPresent();
    return Optional.of(redirect(request, isEscaped ? clean.replace("%", "%25") : clean));
  }

  private static String path(HttpRequest request) {
    return SentPath.of(request).orElseGet(() -> request.getUri().path());
  }

  /** A short page with the link goes with it only where the client would show it. */
  private static HttpResponse redirect(HttpRequest request, String path) {
    String target = path + request.getUri().rawQueryString().map(query -> "?" + query).orElse("");
    HttpResponse response =
        HttpResponse.create()
            .withStatus(StatusCodes.TEMPORARY_REDIRECT)
            .addHeader(RawHeader.create("Location", target));
    boolean head = request.method().equals(HttpMethods.HEAD);
    if (!head && !request.method().equals(HttpMethods.GET)) {
      return response;
    }
    String link = "<a href=\"" + escaped(target) + "\">Temporary Redirect</a>.\n\n";
    return response.withEntity(
        HttpEntities.create(GoContentType.HTML, ByteString.fromString(head ? "" : link)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
