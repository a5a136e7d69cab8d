package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.node.edge.http2.Http2Stream;
import io.sampo.node.edge.http2.StreamHandler;
import io.sampo.protocol.error.EtcdException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.util.ByteString;

/** A call under way: its deadline, its one end, and what is told of it. */
abstract class OpenCall implements StreamHandler {
  /** While more waits for the client, no more is made for it. */
  static final int MAX_PENDING_BYTES = 1 << 16;

  /** A larger message is made while it leaves, and compressed elsewhere. */
  private static final int LARGE_BYTES = 1 << 14;

  final Http2Stream stream;
  final GrpcCall call;
  final MessageReader reader;
  final GrpcEdge edge;
  private boolean over;
  private boolean headSent;
  private Runnable deadline;
  private Runnable unguard;

  /** Null if the call is not traced. */
  private CallTracer.CallSpan span;

  OpenCall(GrpcEdge edge, Http2Stream stream, GrpcCall call) {
    this.edge = edge;
    this.stream = stream;
    this.call = call;
    this.reader = new MessageReader(stream, call.encoding(), edge.settings().maxMessageBytes());
  }

  /** Before anything comes of the call. */
  final void trace(CallTracer.CallSpan begun) {
    span = begun;
  }

  final CallTracer.CallSpan span() {
    return span;
  }

  boolean isOver() {
    return over;
  }

  /** Ends the call when its client's time is over. */
  final void startDeadline() {
    if (call.timeoutNanos() > 0 && deadline == null && !over) {
      deadline = () -> fail(GrpcResponses.deadlineExceeded());
      stream.after(Duration.ofNanos(call.timeoutNanos()), deadline);
    }
  }

  /** Ends the call when the leader is missing for too long, if it asked for that. */
  final void guard() {
    if (call.requireLeader()) {
      unguard = edge.settings().whileLed().watch(cause -> stream.execute(() -> fail(cause)));
    }
  }

  /** One message to the client, compressed as the client compresses. */
  final void send(byte[] message) {
    if (!headSent) {
      headSent = true;
      stream.sendHead(call.messagesHead());
    }
    if (call.isCompressed()) {
      stream.sendMessage(1, GzipFrames.compress(message));
    } else {
      stream.sendMessage(0, message);
    }
  }

  /** As {@link #send(byte[])}; nothing was written of it yet. */
  final void send(EncodedMessage message) {
    if (message.size() <= LARGE_BYTES && !(message instanceof GzippedMessage)) {
      send(message.toByteArray());
      return;
    }
    if (!headSent) {
      headSent = true;
      stream.sendHead(call.messagesHead());
    }
    stream.sendMessage(message instanceof GzippedMessage ? 1 : 0, message);
  }

  /** Whether to compress it takes too long for a turn of the connection. */
  final boolean isLongToCompress(EncodedMessage message) {
    return call.isCompressed()
        && message.size() > LARGE_BYTES
        && !(message instanceof GzippedMessage);
  }

  /** Compresses elsewhere. */
  final CompletableFuture<GzippedMessage> compress(EncodedMessage message) {
    return edge.settings().longWork().run(() -> new GzippedMessage.Compression(message));
  }

  /** Whole frames, which are never compressed. */
  final void sendFrames(ByteString frames) {
    if (!headSent) {
      headSent = true;
      stream.sendHead(call.head());
    }
    stream.send(frames);
  }

  final void succeed() {
    if (end(Status.Code.OK, "")) {
      if (headSent) {
        stream.end(GrpcEdge.OK_TRAILERS);
      } else {
        stream.answer(call.head().with("grpc-status", "0"));
      }
    }
  }

  final void fail(Throwable cause) {
    if (over) {
      return;
    }
    EtcdException status = GrpcResponses.asStatus(cause);
    end(status.code(), status.getMessage());
    if (headSent) {
      stream.end(GrpcResponses.trailers(status));
    } else {
      stream.answer(GrpcResponses.failure(call.head(), status));
    }
  }

  @Override
  public final void onCancelled() {
    end(Status.Code.CANCELLED, "context canceled");
  }

  private boolean end(Status.Code code, String text) {
    if (over) {
      return false;
    }
    over = true;
    if (deadline != null) {
      stream.cancel(deadline);
    }
    if (unguard != null) {
      unguard.run();
    }
    onOver(code);
    if (span != null) {
      span.end(code, text);
    }
    return true;
  }

  /** The call is over: what still works for it may stop. Called once. */
  abstract void onOver(Status.Code code);
}
