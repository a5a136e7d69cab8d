package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpEntity.ChunkStreamPart;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.Trailer;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.CompletionTimeoutException;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds what goes back: a message with its status in the trailer, or a status alone. */
final class GrpcResponses {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcResponses.class);

  static final ContentType GRPC =
      org.apache.pekko.http.javadsl.model.MediaTypes.applicationBinary("grpc", true)
          .toContentType();

  private static final HttpHeader STATUS_OK = RawHeader.create("grpc-status", "0");
  private static final HttpHeader GZIP_ENCODING =
      RawHeader.create("grpc-encoding", GrpcFrames.GZIP);
  private static final Trailer TRAILER_OK = Trailer.create().addHeader(STATUS_OK);
  private static final ChunkStreamPart LAST_OK = ChunkStreamPart.createLast("", List.of(STATUS_OK));

  private GrpcResponses() {}

  /** A unary answer: one frame and status OK. */
  static HttpResponse message(byte[] message, String encoding) {
    return framed(GrpcFrames.frame(message, encoding), encoding);
  }

  private static HttpResponse framed(ByteString frame, String encoding) {
    HttpResponse response =
        HttpResponse.create()
            .withEntity(HttpEntities.create(GRPC, frame))
            .addAttribute(AttributeKeys.trailer, TRAILER_OK);
    return GrpcFrames.GZIP.equals(encoding) ? response.addHeader(GZIP_ENCODING) : response;
  }

  /** A stream of frames that ends with status OK, or with the status of what broke it. */
  static HttpResponse stream(Source<ByteString, NotUsed> frames, String encoding) {
    Source<ChunkStreamPart, NotUsed> parts =
        frames
            .map(ChunkStreamPart::create)
            .concat(Source.single(LAST_OK))
            .recover(
                new PFBuilder<Throwable, ChunkStreamPart>()
                    .matchAny(e -> ChunkStreamPart.createLast("", statusHeaders(e)))
                    .build());
    HttpEntity.Chunked entity =
        org.apache.pekko.http.scaladsl.model.HttpEntity.Chunked$.MODULE$.apply(
            (org.apache.pekko.http.scaladsl.model.ContentType) GRPC, scalaParts(parts));
    HttpResponse response = HttpResponse.create().withEntity(entity);
    return GrpcFrames.GZIP.equals(encoding) ? response.addHeader(GZIP_ENCODING) : response;
  }

  /** A status without a message: gRPC's "trailers only" form. */
  static HttpResponse failure(Throwable cause) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(GRPC, ByteString.emptyByteString()))
        .addHeaders(statusHeaders(cause));
  }

  /** A call that HTTP itself refuses, with the gRPC status that grpc-go adds to it. */
  static HttpResponse refused(int httpStatus, Status.Code code, String text) {
    return failure(new EtcdException(code, text)).withStatus(StatusCodes.get(httpStatus));
  }

  /** What a client is told of a failure; a failure that is not one of etcd's own is also logged. */
  static EtcdException asStatus(Throwable cause) {
    if (cause instanceof CompletionTimeoutException) {
      return deadlineExceeded();
    }
    Throwable root = cause;
    while (root instanceof CompletionException && root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof EtcdException expected) {
      return expected;
    }
    LOG.atError().setCause(root).log("a request failed in a way it should not");
    return new EtcdException(Status.Code.INTERNAL, String.valueOf(root.getMessage()));
  }

  static EtcdException deadlineExceeded() {
    return new EtcdException(Status.Code.DEADLINE_EXCEEDED, "context deadline exceeded");
  }

  private static List<HttpHeader> statusHeaders(Throwable cause) {
    EtcdException status = asStatus(cause);
    return List.of(
        RawHeader.create("grpc-status", Integer.toString(status.code().value())),
        RawHeader.create("grpc-message", percentEncoded(status.text())));
  }

  /** gRPC's encoding of a status text: printable ASCII but the percent sign stays. */
  static String percentEncoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b <= '~' && b != '%') {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(String.format("%02X", b & 0xff));
      }
    }
    return encoded.toString();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static org.apache.pekko.stream.scaladsl.Source<
          org.apache.pekko.http.scaladsl.model.HttpEntity.ChunkStreamPart, Object>
      scalaParts(Source<ChunkStreamPart, NotUsed> parts) {
    // The Java chunk parts are the Scala ones; only the static types differ.
    return (org.apache.pekko.stream.scaladsl.Source) parts.asScala();
  }
}
