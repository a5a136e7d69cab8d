package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.node.edge.http2.Http2Stream;
import io.sampo.node.edge.http2.RequestSource;
import io.sampo.node.edge.http2.ResponseSink;
import io.sampo.protocol.error.EtcdException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** A call of a service that takes and gives streams of Pekko's; they run inside the connection. */
final class StreamingCall extends OpenCall implements ResponseSink.Handler<EncodedMessage> {
  private final GrpcMethod.Streaming method;
  private RequestSource<byte[]> requests;
  private ResponseSink<EncodedMessage> responses;
  private boolean clientEnded;
  private boolean requestsOver;
  private boolean responsesOver;

  /** A message on its way to be sent, or null. */
  private CompletableFuture<GzippedMessage> compressing;

  StreamingCall(GrpcEdge edge, Http2Stream stream, GrpcCall call, GrpcMethod.Streaming method) {
    super(edge, stream, call);
    this.method = method;
  }

  void begin() {
    requests = stream.requestSource(this::giveRequests, () -> requestsOver = true);
    responses = stream.responseSink(this);
    try {
      method
          .handler()
          .apply(Source.fromGraph(requests.source()), call)
          .runWith(Sink.fromGraph(responses.sink()), stream.materializer());
      stream.whenMayBegin(responses::pull);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void onData(byte[] bytes, int offset, int length, boolean end) {
    clientEnded |= end;
    if (requestsOver) {
      stream.consumed(length);
      return;
    }
    reader.add(bytes, offset, length);
    giveRequests();
    reader.keep();
  }

  private void giveRequests() {
    try {
      byte[] message = null;
      while (!requestsOver && requests.isAvailable() && (message = reader.next()) != null) {
        edge.listener().streamed(method, true, 1, message.length);
        if (span() != null) {
          span().received(message);
        }
        requests.push(message);
      }
      if (clientEnded && !requestsOver && (reader.heldBytes() == 0 || isTorn(message))) {
        endRequests();
      }
    } catch (EtcdException e) {
      fail(e);
    }
  }

  /** Whether a message was asked for and is not whole. */
  private boolean isTorn(byte[] message) {
    return requests.isAvailable() && message == null;
  }

  private void endRequests() {
    requestsOver = true;
    if (reader.heldBytes() == 0) {
      requests.complete();
    } else {
      requests.fail(new EtcdException(Status.Code.INTERNAL, "unexpected EOF"));
    }
  }

  @Override
  public void onElement(EncodedMessage message) {
    if (isLongToCompress(message)) {
      compressing = compress(message);
      compressing.whenComplete((done, failure) -> stream.execute(this::onCompressed));
    } else {
      sendMessage(message);
    }
  }

  private void onCompressed() {
    CompletableFuture<GzippedMessage> compressed = compressing;
    compressing = null;
    if (isOver()) {
      return;
    }
    try {
      sendMessage(compressed.join());
    } catch (CompletionException | CancellationException e) {
      fail(e);
      return;
    }
    if (responsesOver) {
      succeed();
    }
  }

  private void sendMessage(EncodedMessage message) {
    edge.listener().streamed(method, false, 1, message.size());
    send(message);
    if (stream.pendingBytes() < MAX_PENDING_BYTES) {
      stream.whenMayBegin(responses::pull);
    }
  }

  @Override
  public void onWritable() {
    if (compressing == null) {
      stream.whenMayBegin(responses::pull);
    }
  }

  @Override
  public void onComplete() {
    responsesOver = true;
    if (compressing == null) {
      succeed();
    }
  }

  @Override
  public void onFailure(Throwable cause) {
    fail(cause);
  }

  @Override
  void onOver(Status.Code code) {
    edge.listener().finished(method, call, code, 0, 0);
    responses.cancel();
    if (compressing != null) {
      compressing.cancel(false);
    }
    if (!requestsOver) {
      requestsOver = true;
      requests.fail(new EtcdException(Status.Code.CANCELLED, "context canceled"));
    }
  }
}
