package io.sampo.node.maintenance;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /debug/events}: the logs of objects that live long (golang.org/x/net/trace). In etcd 3.7.1
 * grpc-go's server alone has one, of its connections' troubles; nothing here has any, so the page
 * lists none.
 */
public final class EventLogs implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  /** Where the page is. */
  public static final String PATH = "/debug/events";

  private static final String PAGE =
      """
      <html>
      <head><title>events</title></head>
      <body>
      <h1>/debug/events</h1>
      <table id="req-status">
      </table>
      </body>
      </html>
      """;

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    return CompletableFuture.completedFuture(
        HttpResponse.create().withEntity(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, PAGE)));
  }
}
