package io.sampo.node.peer;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;

/**
 * A peer's answer to a short request, read whole.
 *
 * @param body without the newline that ends every error of etcd
 */
record PeerAnswer(int status, String body) {
  private static final long READ_MILLIS = 5_000;
  private static final int MAX_BYTES = 64 << 10;

  static final int NO_CONTENT = 204;
  static final int GONE = 410;
  static final int PRECONDITION_FAILED = 412;

  /** Why a peer of another cluster refuses. */
  static final String OTHER_CLUSTER = "cluster ID mismatch";

  static CompletionStage<PeerAnswer> read(HttpResponse response, Materializer materializer) {
    int status = response.status().intValue();
    return response
        .entity()
        .toStrict(READ_MILLIS, MAX_BYTES, materializer)
        .thenApply(entity -> new PeerAnswer(status, entity.getData().utf8String().stripTrailing()));
  }

  /** Empty if the message was taken; else what etcd would log. */
  String failure() {
    return switch (status) {
      case NO_CONTENT -> "";
      case PRECONDITION_FAILED ->
          body.equals("incompatible version") || body.equals(OTHER_CLUSTER)
              ? body
              : "unhandled error \"%s\" when precondition failed".formatted(body);
      default -> "unexpected http status %d (%s)".formatted(status, body);
    };
  }
}
