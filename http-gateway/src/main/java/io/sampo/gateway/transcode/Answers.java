package io.sampo.gateway.transcode;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.sampo.gateway.json.ProtoJsonWriter;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The HTTP responses of calls. */
final class Answers {
  /** The one response header that etcd's services send, as the gateway passes it on. */
  private static final HttpHeader GRPC_CONTENT_TYPE =
      RawHeader.create("Grpc-Metadata-Content-Type", "application/grpc");

  private Answers() {}

  static HttpResponse of(Message response) {
    return HttpResponse.create()
        .addHeader(GRPC_CONTENT_TYPE)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body(response)));
  }

  static ByteString body(Message response) {
    return ByteString.fromArrayUnsafe(new ProtoJsonWriter(false).message(response).toByteArray());
  }

  static HttpResponse failed(Failure failure) {
    HttpResponse response =
        HttpResponse.create()
            .withStatus(failure.httpStatus())
            .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, failure.body()));
    return failure.code() == Status.Code.UNAUTHENTICATED
        ? response.addHeader(RawHeader.create("Www-Authenticate", failure.text()))
        : response;
  }

  static ByteString line(Message response) {
    ProtoJsonWriter writer = new ProtoJsonWriter(true).raw("{\"result\":").message(response);
    return ByteString.fromArrayUnsafe(writer.raw("}\n").toByteArray());
  }

  /** A stream that has begun with a message. */
  static HttpResponse stream(Source<ByteString, NotUsed> lines) {
    return chunked(StatusCodes.OK, ContentTypes.APPLICATION_JSON, lines)
        .addHeader(GRPC_CONTENT_TYPE);
  }

  /** A stream that failed before its first message. */
  static HttpResponse failedStream(Failure failure) {
    return chunked(
        failure.httpStatus(), ContentTypes.APPLICATION_JSON, Source.single(failure.line()));
  }

  /** A stream that ended without a message has no content type, as grpc-gateway never set one. */
  static HttpResponse emptyStream() {
    return chunked(StatusCodes.OK, ContentTypes.NO_CONTENT_TYPE, Source.empty());
  }

  /**
   * The same in chunks, as grpc-gateway answers clients that would take trailers (it has none to
   * send).
   */
  static HttpResponse inChunks(HttpResponse answer) {
    return answer.entity() instanceof HttpEntity.Strict body
        ? answer.withEntity(
            HttpEntities.createChunked(body.getContentType(), Source.single(body.getData())))
        : answer;
  }

  private static HttpResponse chunked(
      StatusCode status, ContentType type, Source<ByteString, NotUsed> body) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.createChunked(type, body));
  }
}
