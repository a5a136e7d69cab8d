package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.node.edge.http2.Http2Stream;
import io.sampo.protocol.error.EtcdException;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Answers each message of a client with one of its own, in order; a few may be under way. */
final class AnsweringCall extends OpenCall {
  private static final int MAX_IN_FLIGHT = 64;

  private final GrpcMethod.Answering method;
  private final ArrayDeque<CompletableFuture<byte[]>> inFlight = new ArrayDeque<>(2);
  private boolean clientEnded;

  AnsweringCall(GrpcEdge edge, Http2Stream stream, GrpcCall call, GrpcMethod.Answering method) {
    super(edge, stream, call);
    this.method = method;
  }

  @Override
  public void onData(byte[] bytes, int offset, int length, boolean end) {
    clientEnded |= end;
    reader.add(bytes, offset, length);
    answerMore();
  }

  @Override
  public void onWritable() {
    answerMore();
  }

  private void answerMore() {
    try {
      byte[] message = null;
      while (mayAsk() && (message = reader.next()) != null) {
        ask(message);
      }
      reader.keep();
      if (clientEnded && inFlight.isEmpty() && message == null && mayAsk()) {
        end();
      }
    } catch (EtcdException e) {
      fail(e);
    }
  }

  private boolean mayAsk() {
    return !isOver()
        && inFlight.size() < MAX_IN_FLIGHT
        && stream.pendingBytes() < MAX_PENDING_BYTES;
  }

  private void end() {
    if (reader.heldBytes() > 0) {
      fail(new EtcdException(Status.Code.INTERNAL, "unexpected EOF"));
    } else {
      // In another turn: a client that has left as well, in the same segment, is seen before.
      stream.execute(this::succeed);
    }
  }

  private void ask(byte[] message) {
    edge.listener().streamed(method, true, 1, message.length);
    CompletableFuture<byte[]> reply;
    try {
      reply =
          (span() == null
                  ? method.handler().apply(message, call)
                  : span().within(message, () -> method.handler().apply(message, call)))
              .toCompletableFuture();
    } catch (RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    if (reply.isDone() && inFlight.isEmpty()) {
      answer(reply);
      return;
    }
    inFlight.add(reply);
    // Even if it is done by now: it may have become so since the look above, and nobody else would
    // answer then.
    reply.whenComplete((done, failure) -> stream.execute(this::answerDone));
  }

  private void answerDone() {
    while (!isOver() && !inFlight.isEmpty() && inFlight.peek().isDone()) {
      answer(inFlight.poll());
    }
    if (!isOver()) {
      answerMore();
    }
  }

  private void answer(CompletableFuture<byte[]> reply) {
    try {
      byte[] message = reply.join();
      edge.listener().streamed(method, false, 1, message.length);
      send(message);
    } catch (CompletionException | CancellationException e) {
      fail(e);
    }
  }

  @Override
  void onOver(Status.Code code) {
    inFlight.clear();
    edge.listener().finished(method, call, code, 0, 0);
  }
}
