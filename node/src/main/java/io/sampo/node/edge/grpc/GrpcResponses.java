package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.node.edge.http2.frame.ResponseHead;
import io.sampo.protocol.error.EtcdException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How statuses go back, and what failures become. */
final class GrpcResponses {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcResponses.class);

  static final String CONTENT_TYPE = "application/grpc";

  private GrpcResponses() {}

  /** The content type of an answer to a call of that content type, as grpc-go echoes it. */
  static String contentType(String asked) {
    int prefix = CONTENT_TYPE.length() + 1;
    return asked.length() <= prefix ? CONTENT_TYPE : CONTENT_TYPE + '+' + asked.substring(prefix);
  }

  /** A status without a message: gRPC's "trailers only" form. */
  static ResponseHead failure(ResponseHead head, EtcdException status) {
    return head.with(
        "grpc-status",
        Integer.toString(status.code().value()),
        "grpc-message",
        percentEncoded(status.text()));
  }

  /** The status behind messages. */
  static ResponseHead trailers(EtcdException status) {
    return ResponseHead.of(
        "grpc-status",
        Integer.toString(status.code().value()),
        "grpc-message",
        percentEncoded(status.text()));
  }

  /** What a client is told of a failure; a failure that is not one of etcd's own is also logged. */
  static EtcdException asStatus(Throwable cause) {
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
}
