package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ErrorCode;
import io.sampo.node.edge.http2.frame.ResponseHead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that routes answer. A body that comes with one frame is there when they are asked; any
 * other is a stream.
 */
final class BridgedCall implements StreamHandler, ResponseSink.Handler<ByteString> {
  private static final Logger LOG = LoggerFactory.getLogger(BridgedCall.class);
  private static final byte[] NONE = {};

  /** Most bodies follow their heads closely, and are simpler to handle when they are whole. */
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private static final int MAX_PENDING_BYTES = 1 << 16;
  private static final Set<String> OF_HTTP_1 =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  private final HttpBridge bridge;
  private final Http2Stream stream;
  private final CompletableFuture<Done> gone = new CompletableFuture<>();
  private final Runnable ahead = this::askAhead;
  private boolean asked;
  private boolean ended;

  /** The body's way to the routes, if it is a stream. */
  private RequestSource<ByteString> body;

  private ByteString unread = ByteString.emptyByteString();
  private boolean bodyOver;
  private ResponseSink<ByteString> answer;

  BridgedCall(HttpBridge bridge, Http2Stream stream) {
    this.bridge = bridge;
    this.stream = stream;
  }

  @Override
  public void onData(byte[] bytes, int offset, int length, boolean end) {
    ended |= end;
    ByteString more = ByteString.fromArray(bytes, offset, length);
    if (!asked) {
      asked = true;
      stream.cancel(ahead);
      if (end) {
        stream.consumed(length);
        stream.whenMayBegin(() -> ask(BridgedRequest.whole(stream.head(), more)));
        return;
      }
      body = stream.requestSource(this::giveBody, () -> bodyOver = true);
      unread = more;
      ask(BridgedRequest.streamed(stream.head(), Source.fromGraph(body.source())));
      return;
    }
    if (bodyOver) {
      stream.consumed(length);
      return;
    }
    unread = unread.concat(more);
    giveBody();
  }

  /** The body comes later. If it takes its time the routes are asked before any of it is there. */
  void expectBody() {
    stream.after(PATIENCE, ahead);
  }

  private void askAhead() {
    if (!asked && stream.isOpen()) {
      onData(NONE, 0, 0, false);
    }
  }

  private void giveBody() {
    if (bodyOver) {
      stream.consumed(unread.size());
      unread = ByteString.emptyByteString();
      return;
    }
    if (!unread.isEmpty() && body.isAvailable()) {
      ByteString now = unread;
      unread = ByteString.emptyByteString();
      stream.consumed(now.size());
      body.push(now);
    }
    if (ended && unread.isEmpty()) {
      bodyOver = true;
      body.complete();
    }
  }

  private void ask(RequestEntity entity) {
    HttpRequest request;
    try {
      request = BridgedRequest.of(stream.head()).withEntity(entity);
    } catch (IllegalUriException e) {
      new PlainText(400, "400 Bad Request").answer(stream);
      return;
    }
    CompletableFuture<HttpResponse> response;
    try {
      response = bridge.answer(request, gone).toCompletableFuture();
    } catch (RuntimeException e) {
      response = CompletableFuture.failedFuture(e);
    }
    response.whenComplete((done, failure) -> stream.execute(() -> answer(done, failure)));
  }

  private void answer(HttpResponse response, Throwable failure) {
    if (failure != null) {
      LOG.atError().setCause(failure).log("a request failed in a way it should not");
      stream.answer(ResponseHead.of(":status", "500", "content-length", "0"));
      endBody();
      return;
    }
    ResponseEntity entity = response.entity();
    boolean headOnly = stream.head().method().equals("HEAD");
    if (!stream.isOpen()) {
      entity.discardBytes(stream.materializer());
    } else if (headOnly || entity.isKnownEmpty()) {
      entity.discardBytes(stream.materializer());
      stream.answer(head(response, entity));
      endBody();
    } else if (entity instanceof HttpEntity.Strict strict) {
      stream.sendHead(head(response, entity));
      stream.send(strict.getData());
      onComplete();
    } else {
      stream.sendHead(head(response, entity));
      answer = stream.responseSink(this);
      entity
          .withoutSizeLimit()
          .getDataBytes()
          .runWith(Sink.fromGraph(answer.sink()), stream.materializer());
      answer.pull();
    }
  }

  private ResponseHead head(HttpResponse response, ResponseEntity entity) {
    List<String> fields = new ArrayList<>();
    fields.addAll(List.of(":status", Integer.toString(response.status().intValue())));
    for (HttpHeader header : response.getHeaders()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (header.renderInResponses() && !OF_HTTP_1.contains(name)) {
        fields.addAll(List.of(name, header.value()));
      }
    }
    String type = entity.getContentType().toString();
    if (!type.equals("none/none")) {
      fields.addAll(List.of("content-type", type));
    }
    if (entity.getContentLengthOption().isPresent() && mayHaveLength(response)) {
      long length = entity.getContentLengthOption().getAsLong();
      fields.addAll(List.of("content-length", Long.toString(length)));
    }
    fields.addAll(List.of("date", bridge.date()));
    return ResponseHead.of(fields.toArray(String[]::new));
  }

  private static boolean mayHaveLength(HttpResponse response) {
    return response.status().allowsEntity();
  }

  @Override
  public void onElement(ByteString bytes) {
    stream.send(bytes);
    if (stream.pendingBytes() < MAX_PENDING_BYTES) {
      stream.whenMayBegin(answer::pull);
    }
  }

  @Override
  public void onWritable() {
    if (answer != null) {
      stream.whenMayBegin(answer::pull);
    }
  }

  @Override
  public void onComplete() {
    stream.end();
    endBody();
  }

  @Override
  public void onFailure(Throwable cause) {
    stream.reset(ErrorCode.INTERNAL_ERROR);
    endBody();
  }

  /** Nobody reads on: the answer is out, or the client has left. */
  private void endBody() {
    if (body != null && !bodyOver) {
      bodyOver = true;
      body.fail(new IllegalStateException("the request is over"));
    }
  }

  @Override
  public void onCancelled() {
    gone.complete(Done.getInstance());
    endBody();
    if (answer != null) {
      answer.cancel();
    }
  }
}
