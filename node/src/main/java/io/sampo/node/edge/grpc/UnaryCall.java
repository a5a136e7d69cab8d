package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.node.edge.http2.Http2Stream;
import io.sampo.protocol.error.EtcdException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * One message in, one out. What is answered at once is answered in the same turn; otherwise the
 * answer comes back to the connection from wherever it is made.
 */
final class UnaryCall extends OpenCall {
  private final BiFunction<byte[], GrpcCall, ? extends CompletionStage<?>> handler;

  /** Whether the answer is made for its client alone, and not made when that has left. */
  private final boolean cancels;

  /** Whether nothing more comes of the request. */
  private boolean ended;

  /** Null until the whole request is there. */
  private byte[] request;

  /** Of bytes or of an {@link EncodedMessage}. */
  private CompletableFuture<?> reply;

  private long beginNanos;

  /** As the service gave it, before compression. */
  private EncodedMessage response;

  UnaryCall(
      GrpcEdge edge,
      Http2Stream stream,
      GrpcCall call,
      BiFunction<byte[], GrpcCall, ? extends CompletionStage<?>> handler,
      boolean cancels) {
    super(edge, stream, call);
    this.handler = handler;
    this.cancels = cancels;
  }

  /** The first message is the request, whether or not the client ends its half behind it. */
  @Override
  public void onData(byte[] bytes, int offset, int length, boolean end) {
    if (request != null || isOver()) {
      return;
    }
    reader.add(bytes, offset, length);
    ended |= end;
    if (stream.mayBegin()) {
      begin();
    } else {
      reader.keep();
      startDeadline();
      stream.whenMayBegin(this::begin);
    }
  }

  private void begin() {
    try {
      byte[] message = isOver() ? null : reader.next();
      if (message != null) {
        ask(message);
      } else if (ended) {
        throw truncated();
      } else {
        reader.keep();
        startDeadline();
      }
    } catch (EtcdException e) {
      fail(e);
    }
  }

  private EtcdException truncated() {
    boolean none = reader.heldBytes() < GrpcFrames.PREFIX;
    return new EtcdException(Status.Code.UNKNOWN, none ? "EOF" : "unexpected EOF");
  }

  private void ask(byte[] message) {
    request = message;
    stream.begun();
    beginNanos = edge.nowNanos();
    edge.listener().started(call.method(), call, message.length);
    EtcdException refusal = edge.settings().admission().apply(call.method(), call);
    if (refusal != null) {
      fail(refusal);
      return;
    }
    try {
      reply =
          (span() == null
                  ? handler.apply(message, call)
                  : span().within(message, () -> handler.apply(message, call)))
              .toCompletableFuture();
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    if (reply.isDone()) {
      answer();
    } else {
      answerLater();
      startDeadline();
    }
  }

  private void answerLater() {
    reply.whenComplete((done, failure) -> stream.execute(this::answer));
  }

  private void answer() {
    if (isOver()) {
      return;
    }
    Object message;
    try {
      message = reply.join();
    } catch (CompletionException | CancellationException e) {
      fail(e);
      return;
    }
    EncodedMessage encoded =
        message instanceof byte[] bytes ? EncodedMessage.of(bytes) : (EncodedMessage) message;
    if (response == null) {
      response = encoded;
    }
    if (isLongToCompress(encoded)) {
      reply = compress(encoded);
      answerLater();
    } else {
      send(encoded);
      succeed();
    }
  }

  @Override
  void onOver(Status.Code code) {
    if (request != null) {
      stream.made();
      long nanos = edge.nowNanos() - beginNanos;
      long sentBytes = response == null ? 0 : response.size();
      edge.listener().finished(call.method(), call, code, sentBytes, nanos);
      edge.settings()
          .answers()
          .over(call.method().path(), request, response, stream.remote(), nanos);
    }
    if (cancels && reply != null) {
      reply.cancel(false);
    }
  }
}
