package io.sampo.node.edge.http;

import io.sampo.node.edge.Connection;
import io.sampo.node.edge.ConnectionAttributes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Asks the routes, with what is known of the connection, once its client is admitted. */
final class RequestDispatch {
  private final Connection connection;
  private final boolean checksSource;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;

  /**
   * @param checksSource whether a client's certificate must fit where it comes from
   */
  RequestDispatch(
      Connection connection,
      boolean checksSource,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    this.connection = connection;
    this.checksSource = checksSource;
    this.routes = routes;
  }

  /**
   * Asks the routes, but for {@code OPTIONS *}, which the server itself answers, as in Go.
   *
   * @return fails as the routes do, or if the client is not admitted
   */
  CompletionStage<HttpResponse> ask(RequestHead head, HttpRequest request) {
    if (head.asksServerForOptions()) {
      return CompletableFuture.completedFuture(HttpResponse.create());
    }
    try {
      return askAdmitted(request);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<HttpResponse> askAdmitted(HttpRequest request) {
    HttpRequest known = ConnectionAttributes.attach(request, connection);
    if (!checksSource) {
      return routes.apply(known);
    }
    CompletableFuture<Void> admitted = connection.admitted();
    return admitted.isDone() && !admitted.isCompletedExceptionally()
        ? routes.apply(known)
        : admitted.thenCompose(fits -> routes.apply(known));
  }
}
