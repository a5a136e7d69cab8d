package io.sampo.node.edge.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.CompletionTimeoutException;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * One RPC as the edge sees it: its path, and a function over encoded messages. Services that have
 * nothing to gain from encoded bytes are adapted from their generated interface.
 */
public sealed interface GrpcMethod {

  /** The gRPC path, {@code /package.Service/Method}. */
  String path();

  /** etcd's metric label for the kind of this call. */
  String type();

  /** One message in, one out. */
  record Unary(String path, BiFunction<byte[], GrpcCall, CompletionStage<byte[]>> handler)
      implements GrpcMethod {
    @Override
    public String type() {
      return "unary";
    }
  }

  /** Messages out as long as the client wants them; in, one or a stream of them. */
  record Streaming(
      String path,
      String type,
      BiFunction<Source<byte[], NotUsed>, GrpcCall, Source<byte[], NotUsed>> handler)
      implements GrpcMethod {}

  /** As {@link Streaming}, but what comes out are whole frames already, one or more at a time. */
  record Framed(
      String path,
      String type,
      BiFunction<Source<byte[], NotUsed>, GrpcCall, Source<ByteString, NotUsed>> handler)
      implements GrpcMethod {}

  static <Q, R extends MessageLite> Unary unary(
      String path, Parser<Q> parser, BiFunction<Q, Metadata, CompletionStage<R>> service) {
    return new Unary(
        path,
        (message, call) ->
            service
                .apply(parse(parser, message), call.metadata())
                .thenApply(MessageLite::toByteArray));
  }

  static <Q, R extends MessageLite> Streaming serverStream(
      String path, Parser<Q> parser, BiFunction<Q, Metadata, Source<R, NotUsed>> service) {
    return new Streaming(
        path,
        "server_stream",
        (messages, call) ->
            messages
                .take(2)
                .orElse(Source.lazySingle(GrpcMethod::missing))
                .grouped(2)
                .flatMapConcat(
                    one ->
                        service
                            .apply(parseStreamed(parser, only(one)), call.metadata())
                            .map(MessageLite::toByteArray)));
  }

  static <Q, R extends MessageLite> Streaming bidi(
      String path,
      Parser<Q> parser,
      BiFunction<Source<Q, NotUsed>, Metadata, Source<R, NotUsed>> service) {
    return new Streaming(
        path,
        "bidi_stream",
        (messages, call) ->
            service
                .apply(messages.map(message -> parseStreamed(parser, message)), call.metadata())
                .map(MessageLite::toByteArray));
  }

  /**
   * A unary call that may last as long as its client wants. When the client leaves or its deadline
   * passes, the service's future is cancelled. The answer is a stream of one message, because only
   * the end of a response that has begun is told.
   */
  static <Q, R extends MessageLite> Streaming waiting(
      String path, Parser<Q> parser, BiFunction<Q, Metadata, CompletableFuture<R>> service) {
    return new Streaming(
        path,
        "unary",
        (messages, call) ->
            messages
                .take(1)
                .orElse(Source.lazySingle(GrpcMethod::missing))
                .flatMapConcat(
                    message ->
                        withDeadline(
                                cancelling(service.apply(parse(parser, message), call.metadata())),
                                call.timeoutNanos())
                            .map(MessageLite::toByteArray)));
  }

  private static <R> Source<R, NotUsed> cancelling(CompletableFuture<R> answer) {
    return Source.completionStage(answer)
        .watchTermination(
            (notUsed, over) -> {
              over.whenComplete((done, failure) -> answer.cancel(false));
              return notUsed;
            });
  }

  private static <R> Source<R, NotUsed> withDeadline(Source<R, NotUsed> answer, long nanos) {
    return nanos == 0
        ? answer
        : answer
            .completionTimeout(Duration.ofNanos(nanos))
            .mapError(
                CompletionTimeoutException.class,
                late ->
                    new EtcdException(Status.Code.DEADLINE_EXCEEDED, "context deadline exceeded"));
  }

  private static byte[] missing() {
    throw new EtcdException(Status.Code.INTERNAL, "EOF");
  }

  private static byte[] only(List<byte[]> messages) {
    if (messages.size() > 1) {
      throw new EtcdException(
          Status.Code.INTERNAL,
          "cardinality violation: received multiple request messages for non-client-streaming RPC");
    }
    return messages.get(0);
  }

  /** Reads the next request of a stream, or fails as grpc-go fails on what is no such message. */
  static <Q> Q parseStreamed(Parser<Q> parser, byte[] message) {
    return parse(parser, message, "grpc: failed to unmarshal the received message: ");
  }

  /** Reads a request, or fails as grpc-go fails on bytes that are no such message. */
  static <Q> Q parse(Parser<Q> parser, byte[] message) {
    return parse(parser, message, "grpc: error unmarshalling request: ");
  }

  private static <Q> Q parse(Parser<Q> parser, byte[] message, String what) {
    try {
      return parser.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      // protobuf-java has no other sign of it than its text.
      boolean text = String.valueOf(e.getMessage()).contains("invalid UTF-8");
      throw new EtcdException(
          Status.Code.INTERNAL,
          what
              + (text
                  ? "string field contains invalid UTF-8"
                  : "proto: cannot parse invalid wire-format data"));
    }
  }
}
