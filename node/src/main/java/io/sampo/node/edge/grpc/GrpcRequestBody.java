package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * What a client sends. Its size is not bounded here but where messages are cut out of it: HTTP/2
 * knows no other bound than the client's patience.
 */
final class GrpcRequestBody {
  private GrpcRequestBody() {}

  /**
   * The bytes of a request as they come. Whoever reads them may stop: the rest is dropped, and the
   * answer still reaches the client. They only break off when the client is gone.
   */
  static Source<ByteString, NotUsed> of(HttpRequest request) {
    return request
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .mapMaterializedValue(ignored -> NotUsed.getInstance())
        .mapError(Throwable.class, gone -> canceled())
        .via(new DrainAfterCancel());
  }

  private static EtcdException canceled() {
    return new EtcdException(Status.Code.CANCELLED, "context canceled");
  }

  /**
   * The body of a unary call, collected until it is known whether it is too large. One thread at a
   * time adds to it.
   */
  static final class Unary {
    private final long maxMessageBytes;
    private final ByteStringBuilder bytes = ByteString.createBuilder();
    private long length = -1;
    private EtcdException tooLarge;

    Unary(long maxMessageBytes) {
      this.maxMessageBytes = maxMessageBytes;
    }

    /** Bytes behind the first message are dropped, as are those of a message that is too large. */
    Unary add(ByteString more) {
      if (bytes.length() > GrpcFrames.PREFIX + maxMessageBytes || tooLarge != null) {
        return this;
      }
      bytes.append(more);
      if (bytes.length() - more.size() < GrpcFrames.PREFIX && bytes.length() >= GrpcFrames.PREFIX) {
        checkPrefix();
      }
      return this;
    }

    /** Whether nothing that may still come changes what {@link #collected} gives. */
    boolean isWhole() {
      return tooLarge != null || length >= 0 && bytes.length() - GrpcFrames.PREFIX >= length;
    }

    private void checkPrefix() {
      try {
        length = GrpcFrames.length(bytes.result(), 0);
        GrpcFrames.checkSize(length, maxMessageBytes);
      } catch (EtcdException e) {
        tooLarge = e;
      }
    }

    /** The body of one message, perhaps with more behind it. */
    ByteString collected() {
      if (tooLarge != null) {
        throw tooLarge;
      }
      return bytes.result().compact();
    }
  }
}
