package io.sampo.node.edge.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.Status;
import io.sampo.node.edge.AnswerRoom;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.nesting.NestedMessages;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

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

  /**
   * As {@link Unary}; the answer may be large, asks for room before it is made, and is not made for
   * a client that has left.
   */
  record Large(String path, LargeAnswer handler) implements GrpcMethod {
    @Override
    public String type() {
      return "unary";
    }
  }

  /** Makes an answer within its room. */
  interface LargeAnswer {
    CompletionStage<? extends EncodedMessage> apply(byte[] message, GrpcCall call, AnswerRoom room);
  }

  /**
   * One message in, one out, which may take as long as the client wants: when it leaves or its
   * deadline passes, the future is cancelled.
   */
  record Waiting(String path, BiFunction<byte[], GrpcCall, CompletableFuture<byte[]>> handler)
      implements GrpcMethod {
    @Override
    public String type() {
      return "unary";
    }
  }

  /** Each message of the client's stream is answered by one, in order. */
  record Answering(String path, BiFunction<byte[], GrpcCall, CompletionStage<byte[]>> handler)
      implements GrpcMethod {
    @Override
    public String type() {
      return "bidi_stream";
    }
  }

  /** Messages out as long as the client wants them; in, one or a stream of them. */
  record Streaming(
      String path,
      String type,
      BiFunction<Source<byte[], NotUsed>, GrpcCall, Source<EncodedMessage, NotUsed>> handler)
      implements GrpcMethod {}

  /** Messages in, whole frames out, without a stream of Pekko's. */
  record Framed(
      String path, String type, BiFunction<GrpcCall, FrameStream.Output, FrameStream> handler)
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

  static <Q, R extends MessageLite> Large large(
      String path, Parser<Q> parser, BiFunction<Q, Metadata, CompletionStage<R>> service) {
    return new Large(
        path,
        (message, call, room) ->
            service
                .apply(parse(parser, message), call.metadata())
                .thenCompose(answer -> encoded(answer, room)));
  }

  private static CompletionStage<EncodedMessage> encoded(MessageLite answer, AnswerRoom room) {
    CompletableFuture<Done> granted = room.take(answer.getSerializedSize());
    return granted.isDone()
        ? CompletableFuture.completedFuture(EncodedMessage.of(answer.toByteArray()))
        : granted.thenApply(done -> EncodedMessage.of(answer.toByteArray()));
  }

  static <Q, R extends MessageLite> Streaming serverStream(
      String path, Parser<Q> parser, BiFunction<Q, Metadata, Source<R, NotUsed>> service) {
    return encodedStream(
        path,
        parser,
        (request, metadata) ->
            service
                .apply(request, metadata)
                .map(message -> EncodedMessage.of(message.toByteArray())));
  }

  /** As {@link #serverStream}, of a service that encodes its messages itself. */
  static <Q> Streaming encodedStream(
      String path,
      Parser<Q> parser,
      BiFunction<Q, Metadata, Source<EncodedMessage, NotUsed>> service) {
    return new Streaming(
        path,
        "server_stream",
        (messages, call) ->
            messages
                .take(2)
                .orElse(Source.lazySingle(GrpcMethod::missing))
                .grouped(2)
                .flatMapConcat(
                    one -> service.apply(parseStreamed(parser, only(one)), call.metadata())));
  }

  static <Q, R extends MessageLite> Answering answering(
      String path, Parser<Q> parser, BiFunction<Q, Metadata, CompletionStage<R>> service) {
    return new Answering(
        path,
        (message, call) ->
            service
                .apply(parseStreamed(parser, message), call.metadata())
                .thenApply(MessageLite::toByteArray));
  }

  static <Q, R extends MessageLite> Waiting waiting(
      String path, Parser<Q> parser, BiFunction<Q, Metadata, CompletableFuture<R>> service) {
    return new Waiting(
        path, (message, call) -> encoded(service.apply(parse(parser, message), call.metadata())));
  }

  /** The answer's bytes; to cancel them is to cancel the answer. */
  private static <R extends MessageLite> CompletableFuture<byte[]> encoded(
      CompletableFuture<R> answer) {
    CompletableFuture<byte[]> bytes = answer.thenApply(MessageLite::toByteArray);
    bytes.whenComplete(
        (done, failure) -> {
          if (bytes.isCancelled()) {
            answer.cancel(false);
          }
        });
    return bytes;
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
      return NestedMessages.request(parser, message);
    } catch (InvalidProtocolBufferException e) {
      throw new EtcdException(Status.Code.INTERNAL, what + goText(e));
    }
  }

  /** What protobuf-go says of the same fault; protobuf-java tells it by its text alone. */
  private static String goText(InvalidProtocolBufferException fault) {
    String text = String.valueOf(fault.getMessage());
    if (text.contains("invalid UTF-8")) {
      return "string field contains invalid UTF-8";
    }
    return text.contains("too many levels of nesting")
        ? "proto: exceeded maximum recursion depth"
        : "proto: cannot parse invalid wire-format data";
  }
}
