package io.sampo.node.edge.http;

import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;

/** What an answer must be like for its client and its connection. */
final class AnswerRules {
  private AnswerRules() {}

  /** To what is asked of the server as a whole, Go answers by itself. */
  static HttpResponse ofServer(HttpRequest request) {
    HttpResponse answer = HttpResponse.create();
    return request.method().value().equals("OPTIONS")
        ? answer
        : closing(answer.withStatus(StatusCodes.BAD_REQUEST));
  }

  /**
   * @param isOld whether the client speaks HTTP/1.0
   * @param isLast whether the connection ends with this answer
   */
  static HttpResponse adapt(HttpResponse response, boolean isOld, boolean isLast) {
    HttpResponse adapted = isOld ? old(response) : response;
    return isLast ? closing(adapted) : adapted;
  }

  /** Whether it says by itself that its connection ends. */
  static boolean closes(HttpResponse response) {
    return response.getHeader("connection").isPresent();
  }

  private static HttpResponse closing(HttpResponse response) {
    return closes(response) ? response : response.addHeader(Connection.create("close"));
  }

  /** HTTP/1.0 has no chunks: what is of no known length ends with its connection. */
  private static HttpResponse old(HttpResponse response) {
    ResponseEntity entity = response.entity();
    return entity.isChunked()
        ? response
            .withEntity(
                HttpEntities.createCloseDelimited(entity.getContentType(), entity.getDataBytes()))
            .withProtocol(HttpProtocols.HTTP_1_0)
        : response.withProtocol(HttpProtocols.HTTP_1_0);
  }
}
