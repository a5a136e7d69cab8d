package io.sampo.node.peer.http;

import io.sampo.node.peer.PeerHeaders;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.protocol.error.EtcdException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Responses as Go's net/http makes them, and the ends of requests nobody reads. */
final class Replies {
  static final ContentType PROTOBUF =
      MediaTypes.applicationBinary("protobuf", false).toContentType();

  private static final HttpHeader NO_SNIFF = RawHeader.create("X-Content-Type-Options", "nosniff");
  private static final int INTERNAL = 500;
  private static final Duration DRAIN_TIME = Duration.ofSeconds(5);
  private static final long DRAIN_BYTES = 1 << 20;

  private Replies() {}

  static HttpResponse bytes(ContentType type, byte[] body) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(type, ByteString.fromArrayUnsafe(body)));
  }

  static HttpResponse json(String body) {
    return bytes(ContentTypes.APPLICATION_JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  static HttpResponse text(String body) {
    return bytes(ContentTypes.TEXT_PLAIN_UTF8, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Go's {@code http.Error}: the text and a line break. */
  static HttpResponse error(int status, String text) {
    return text(text + "\n").withStatus(StatusCodes.get(status)).addHeader(NO_SNIFF);
  }

  static HttpResponse notFound() {
    return error(StatusCodes.NOT_FOUND.intValue(), "404 page not found");
  }

  static HttpResponse wrongMethod() {
    return error(StatusCodes.METHOD_NOT_ALLOWED.intValue(), "Method Not Allowed");
  }

  static HttpResponse wrongMethod(String allowed) {
    return wrongMethod().addHeader(RawHeader.create("Allow", allowed));
  }

  static HttpResponse noContent() {
    return HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
  }

  /** The error of a service. */
  static HttpResponse failure(Throwable failure) {
    Throwable cause = EtcdException.causeOf(failure);
    int status = cause instanceof PeerRefusal refusal ? refusal.status() : INTERNAL;
    return error(status, String.valueOf(cause.getMessage()));
  }

  static HttpResponse withCluster(HttpResponse response, long clusterId) {
    return response.addHeader(
        RawHeader.create(PeerHeaders.CLUSTER_ID, MemberIds.format(clusterId)));
  }

  /** The connection ends behind this response. */
  static HttpResponse closing(HttpResponse response) {
    return response.addHeader(Connection.create("close"));
  }

  /** Answers without wanting the request's body. */
  static HttpResponse unread(
      HttpRequest request, HttpResponse response, Materializer materializer) {
    if (request.entity().isStrict()) {
      return response;
    }
    drain(request.entity().withoutSizeLimit().getDataBytes(), materializer);
    return closing(response);
  }

  /**
   * Reads a little of what is not wanted, because the connection would end before the answer is out
   * otherwise; nobody may keep us reading.
   */
  static void drain(Source<ByteString, ?> unwanted, Materializer materializer) {
    unwanted
        .takeWithin(DRAIN_TIME)
        .limitWeighted(DRAIN_BYTES, piece -> (long) piece.size())
        .runWith(Sink.ignore(), materializer);
  }
}
