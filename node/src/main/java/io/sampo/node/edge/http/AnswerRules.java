package io.sampo.node.edge.http;

import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.stream.javadsl.Source;

/** What an answer must be like for its client and its connection. */
final class AnswerRules {
  /**
   * The longest body, in bytes, whose length Go says: it begins to send a longer one before its
   * handler has returned (net/http, {@code bufferBeforeChunkingSize}).
   */
  private static final int MAX_BODY_OF_SAID_LENGTH = 2048;

  private AnswerRules() {}

  /**
   * @param head of the request
   * @param saysEnd whether it says that the connection ends with it
   */
  static HttpResponse adapt(HttpResponse response, RequestHead head, boolean saysEnd) {
    if (response.status().equals(StatusCodes.SWITCHING_PROTOCOLS)) {
      return response.removeHeader("connection").addHeader(Connection.create("Upgrade"));
    }
    HttpResponse adapted = framed(response, head);
    if (saysEnd) {
      adapted = closing(adapted);
    }
    return head.isOld() ? old(adapted, head) : adapted;
  }

  /** Whether it says by itself that its connection ends. */
  static boolean closes(HttpResponse response) {
    return response
        .getHeader("connection")
        .filter(header -> header.value().equalsIgnoreCase("close"))
        .isPresent();
  }

  private static HttpResponse closing(HttpResponse response) {
    return closes(response) ? response : response.addHeader(Connection.create("close"));
  }

  /** With or without its length, as Go's net/http would send it. */
  private static HttpResponse framed(HttpResponse response, RequestHead head) {
    if (!(response.entity() instanceof HttpEntity.Strict body)) {
      return response;
    }
    ContentType type = body.getContentType();
    int length = body.getData().size();
    if (head.method().equals("HEAD") && (length == 0 || length > MAX_BODY_OF_SAID_LENGTH)) {
      return response.withEntity(HttpEntities.createCloseDelimited(type, Source.empty()));
    }
    return length > MAX_BODY_OF_SAID_LENGTH
        ? response.withEntity(HttpEntities.createChunked(type, Source.single(body.getData())))
        : response;
  }

  /**
   * HTTP/1.0 has no chunks: what is of no known length ends with its connection. That a connection
   * stays must be said; Pekko may take the request for one of HTTP/1.1.
   */
  private static HttpResponse old(HttpResponse response, RequestHead head) {
    ResponseEntity entity = response.entity();
    if (entity.isChunked()) {
      return response
          .withEntity(
              HttpEntities.createCloseDelimited(entity.getContentType(), entity.getDataBytes()))
          .withProtocol(HttpProtocols.HTTP_1_0);
    }
    HttpResponse old = response.withProtocol(HttpProtocols.HTTP_1_0);
    return head.closes() || closes(response) ? old : old.addHeader(Connection.create("keep-alive"));
  }
}
