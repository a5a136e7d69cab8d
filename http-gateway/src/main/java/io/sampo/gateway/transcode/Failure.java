package io.sampo.gateway.transcode;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.sampo.gateway.json.ProtoJsonWriter;
import io.sampo.protocol.error.EtcdException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A failed call as the gateway answers it: a gRPC code with its text, and the HTTP status of it.
 */
record Failure(Status.Code code, String text) {
  private static final Logger LOG = LoggerFactory.getLogger(Failure.class);

  private static final StatusCode CLIENT_CLOSED_REQUEST =
      StatusCodes.custom(499, "status code 499", "", false, true);

  static final Failure DEADLINE =
      new Failure(Status.Code.DEADLINE_EXCEEDED, "context deadline exceeded");

  /** The client has left. */
  static final Failure CANCELLED = new Failure(Status.Code.CANCELLED, "context canceled");

  /** Nothing has failed. */
  static final Failure NONE = new Failure(Status.Code.OK, "");

  private static final Failure BUG = new Failure(Status.Code.INTERNAL, "internal error");

  static Failure invalidArgument(String text) {
    return new Failure(Status.Code.INVALID_ARGUMENT, text);
  }

  /** What gRPC says of a message above the limit, both in bytes. */
  static Failure tooLarge(long size, long limit) {
    return new Failure(
        Status.Code.RESOURCE_EXHAUSTED,
        "grpc: received message larger than max (" + size + " vs. " + limit + ")");
  }

  /** Expected failures keep their code and text; anything else is a bug, which is logged. */
  static Failure of(Throwable thrown) {
    Throwable cause = causeOf(thrown);
    Failure expected = expected(cause);
    if (expected != null) {
      return expected;
    }
    LOG.error("a call through the JSON gateway failed unexpectedly", cause);
    return BUG;
  }

  /** The same without a word in the log. */
  static Failure silently(Throwable thrown) {
    Failure expected = expected(causeOf(thrown));
    return expected == null ? BUG : expected;
  }

  private static Throwable causeOf(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Null if it is a bug. */
  private static Failure expected(Throwable cause) {
    if (cause instanceof EtcdException etcd) {
      return new Failure(etcd.code(), etcd.text());
    }
    if (cause instanceof StatusRuntimeException grpc) {
      return of(grpc.getStatus());
    }
    if (cause instanceof StatusException grpc) {
      return of(grpc.getStatus());
    }
    if (cause instanceof CancellationException) {
      return CANCELLED;
    }
    return null;
  }

  private static Failure of(Status status) {
    return new Failure(status.getCode(), Objects.requireNonNullElse(status.getDescription(), ""));
  }

  EtcdException exception() {
    return new EtcdException(code, text);
  }

  /** The body of a failed unary call. */
  ByteString body() {
    return ByteString.fromArrayUnsafe(write(new ProtoJsonWriter(false)).toByteArray());
  }

  /** The last line of a failed stream. */
  ByteString line() {
    ProtoJsonWriter writer = new ProtoJsonWriter(true).raw("{\"error\":");
    return ByteString.fromArrayUnsafe(write(writer).raw("}\n").toByteArray());
  }

  private ProtoJsonWriter write(ProtoJsonWriter writer) {
    writer.raw("{\"code\":" + code.value());
    if (!text.isEmpty()) {
      writer.raw(",\"message\":").string(text);
    }
    return writer.raw("}");
  }

  /** grpc-gateway's mapping. */
  StatusCode httpStatus() {
    return switch (code) {
      case OK -> StatusCodes.OK;
      case CANCELLED -> CLIENT_CLOSED_REQUEST;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> StatusCodes.BAD_REQUEST;
      case DEADLINE_EXCEEDED -> StatusCodes.GATEWAY_TIMEOUT;
      case NOT_FOUND -> StatusCodes.NOT_FOUND;
      case ALREADY_EXISTS, ABORTED -> StatusCodes.CONFLICT;
      case PERMISSION_DENIED -> StatusCodes.FORBIDDEN;
      case UNAUTHENTICATED -> StatusCodes.UNAUTHORIZED;
      case RESOURCE_EXHAUSTED -> StatusCodes.TOO_MANY_REQUESTS;
      case UNIMPLEMENTED -> StatusCodes.NOT_IMPLEMENTED;
      case UNAVAILABLE -> StatusCodes.SERVICE_UNAVAILABLE;
      default -> StatusCodes.INTERNAL_SERVER_ERROR;
    };
  }
}
