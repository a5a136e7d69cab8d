package io.sampo.node.edge.http;

import io.sampo.node.edge.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.SslSessionInfo;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link Http1Stage} does. */
final class Http1Logic extends TimerGraphStageLogic {
  private static final Logger LOG = LoggerFactory.getLogger(Http1Logic.class);
  private static final String HEAD = "head";
  private static final String LINGER = "linger";
  private static final String BODY = "body";

  /** How long a client may still send after an answer that ended its connection (as in Go). */
  private static final Duration LINGER_TIME = Duration.ofMillis(500);

  /** How much of a body that nobody reads may come before the answer (as in Go). */
  private static final int MAX_UNREAD_BYTES = 256 * 1024;

  private static final byte[] NOTHING = {};

  private enum Phase {
    HEAD,
    BODY,
    /** The request is whole, its answer not over. */
    ANSWER,
    /** The request's body is no body; its answer is not over. */
    CUT,
    /** The connection speaks another protocol now. */
    RAW,
    /** Nothing that comes counts any more. */
    CLOSING
  }

  /** What became of the answer that was asked for. */
  private record Answered(HttpResponse response, Throwable failure) {}

  private final Http1Shape shape;
  private final Connection connection;
  private final Http1Settings settings;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;

  private Phase phase = Phase.HEAD;
  private HeadReader reader = new HeadReader(false);
  private Exchange exchange;
  private RequestBodyReader body;

  /** Came from the client, but its turn has not come. */
  private byte[] unread = NOTHING;

  /** Read, but the layer has not asked for it yet. */
  private ByteString passed = ByteString.emptyByteString();

  private Optional<Refusal> refusal = Optional.empty();
  private boolean answerGiven;
  private boolean isStreaming;

  /** Whether the request's body comes in pieces that are not all read. */
  private boolean bodyIsRead = true;

  /** Waits until the request's body is read, for else the connection would end with it. */
  private Optional<HttpResponse> held = Optional.empty();

  private long heldBytes;

  private boolean draining;
  private AsyncCallback<Answered> answered;
  private AsyncCallback<Boolean> answerEnded;
  private AsyncCallback<Exchange> bodyEnded;

  Http1Logic(
      Http1Shape shape,
      Connection connection,
      Http1Settings settings,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    super(shape);
    this.shape = shape;
    this.connection = connection;
    this.settings = settings;
    this.routes = routes;
    setHandler(shape.fromClient, new FromClient());
    setHandler(shape.toClient, new ToClient());
    setHandler(shape.toLayer, new ToLayer());
    setHandler(shape.fromLayer, new FromLayer());
    setHandler(shape.requests, new Requests());
    setHandler(shape.responses, new Responses());
  }

  @Override
  public void preStart() {
    answered = createAsyncCallback(this::onAnswer);
    answerEnded = createAsyncCallback(this::onAnswerOver);
    bodyEnded = createAsyncCallback(this::onBodyRead);
    AsyncCallback<Done> drain = createAsyncCallback(done -> onDrain());
    connection.onDrain(() -> drain.invoke(Done.getInstance()));
    awaitHead();
    readOn();
  }

  private void awaitHead() {
    phase = Phase.HEAD;
    reader = new HeadReader(exchange != null && exchange.head().method().equals("POST"));
    exchange = null;
    if (settings.limitsSilence()) {
      scheduleOnce(HEAD, settings.head());
    }
  }

  @Override
  public void onTimer(Object key) {
    if (key.equals(LINGER)) {
      complete(shape.toClient);
    } else if (key.equals(BODY)) {
      giveHeld();
    } else {
      close();
    }
  }

  private void onDrain() {
    draining = true;
    if (phase == Phase.HEAD) {
      close();
    }
  }

  /** Looks at what has come and passes on what the layer may have. */
  private void advance() {
    try {
      boolean again = true;
      while (again && unread.length > 0 && passed.isEmpty()) {
        again =
            switch (phase) {
              case HEAD -> readHead();
              case BODY -> readBody();
              case RAW -> passRaw();
              case ANSWER, CUT, CLOSING -> false;
            };
      }
    } catch (RefusedException e) {
      refusal = Optional.of(e.refusal());
      close();
    }
    if (phase == Phase.CLOSING || phase == Phase.CUT) {
      unread = NOTHING;
    }
    passOn();
    if (isClosed(shape.fromClient) && unread.length == 0) {
      onClientEnd();
    }
    readOn();
  }

  private boolean readHead() throws RefusedException {
    if (reader.isEmpty() && !settings.limitsSilence()) {
      scheduleOnce(HEAD, settings.head());
    }
    byte[] bytes = unread;
    unread = NOTHING;
    Optional<RequestHead> head = reader.read(bytes);
    if (head.isEmpty()) {
      return false;
    }
    cancelTimer(HEAD);
    unread = reader.rest();
    exchange = new Exchange(head.get());
    answerGiven = false;
    isStreaming = false;
    body = RequestBodyReader.of(head.get(), unread.length);
    phase = Phase.BODY;
    ByteStringBuilder out = new ByteStringBuilder();
    out.putBytes(head.get().bytes(body.isChunked()));
    takeBody(out);
    passed = out.result();
    return true;
  }

  private boolean readBody() {
    ByteStringBuilder out = new ByteStringBuilder();
    takeBody(out);
    passed = out.result();
    return true;
  }

  private void takeBody(ByteStringBuilder out) {
    ByteStringBuilder target = exchange.head().dropsBody() ? new ByteStringBuilder() : out;
    int taken = body.read(unread, 0, target);
    heldBytes += taken;
    if (heldBytes > MAX_UNREAD_BYTES) {
      giveHeld();
    }
    unread = taken == unread.length ? NOTHING : Arrays.copyOfRange(unread, taken, unread.length);
    if (body.isComplete()) {
      phase = Phase.ANSWER;
      onAnswerPossiblyOver();
    } else if (!body.failure().isEmpty()) {
      cutBody(body.failure(), target);
    }
  }

  /** The answer to what came of the request is the last one on the connection. */
  private void cutBody(String reason, ByteStringBuilder out) {
    exchange.bodyFailed(reason);
    if (body.isChunked()) {
      out.putBytes(ChunkedBody.LAST);
    }
    phase = Phase.CUT;
  }

  private boolean passRaw() {
    passed = ByteString.fromArrayUnsafe(unread);
    unread = NOTHING;
    return false;
  }

  private void passOn() {
    if (!passed.isEmpty() && isAvailable(shape.toLayer)) {
      push(shape.toLayer, new SessionBytes(null, passed));
      passed = ByteString.emptyByteString();
    }
    if (phase == Phase.CLOSING && passed.isEmpty()) {
      complete(shape.toLayer);
    }
  }

  /** Asks for more of the client's bytes, also while it is owed an answer: it may leave. */
  private void readOn() {
    boolean ends = phase == Phase.CLOSING || phase == Phase.CUT;
    boolean wanted = ends || unread.length == 0 && passed.isEmpty();
    if (wanted && !isClosed(shape.fromClient) && !hasBeenPulled(shape.fromClient)) {
      pull(shape.fromClient);
    }
  }

  /** The client sends nothing more, and all that it has sent was looked at. */
  private void onClientEnd() {
    if (exchange != null) {
      exchange.clientLeft();
    }
    if (isClosed(shape.fromLayer)) {
      complete(shape.toClient);
    } else if (phase == Phase.ANSWER && isStreaming && settings.limitsSilence()) {
      // Here nobody waits behind the end of what it says, and a stream would never end by itself.
      abandon();
    } else if (phase == Phase.BODY) {
      ByteStringBuilder out = new ByteStringBuilder();
      cutBody("unexpected EOF", out);
      passed = passed.concat(out.result());
      passOn();
    } else if (phase == Phase.HEAD && !reader.isEmpty()) {
      refusal = Optional.of(Refusal.MALFORMED);
      close();
    } else if (phase == Phase.HEAD || phase == Phase.RAW) {
      close();
    }
  }

  /** No further request; the answers before go out, then the refusal if there is one. */
  private void close() {
    phase = Phase.CLOSING;
    cancelTimer(HEAD);
    unread = NOTHING;
    passOn();
    readOn();
  }

  private void onRequest(HttpRequest received) {
    Exchange asked = exchange;
    bodyIsRead = received.entity().isStrict();
    HttpRequest request = exchange.restore(received, () -> bodyEnded.invoke(asked));
    request = request.addAttribute(AttributeKeys.remoteAddress, remoteAddress());
    if (connection.session().isPresent()) {
      request =
          request.addAttribute(
              AttributeKeys.sslSession, SslSessionInfo.create(connection.session().get()));
    }
    if (exchange.head().target().isServer()) {
      onAnswer(new Answered(ofServer(request), null));
      return;
    }
    CompletionStage<HttpResponse> answer;
    try {
      answer = answer(request);
    } catch (RuntimeException e) {
      onAnswer(new Answered(null, e));
      return;
    }
    answer.whenComplete((response, failure) -> answered.invoke(new Answered(response, failure)));
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request) {
    if (!settings.checksSource()) {
      return routes.apply(request);
    }
    CompletableFuture<Void> admitted = connection.admitted();
    return admitted.isDone() && !admitted.isCompletedExceptionally()
        ? routes.apply(request)
        : admitted.thenCompose(fits -> routes.apply(request));
  }

  private RemoteAddress remoteAddress() {
    return RemoteAddress.create(connection.remote());
  }

  /** To what is asked of the server as a whole, Go answers by itself. */
  private static HttpResponse ofServer(HttpRequest request) {
    HttpResponse answer = HttpResponse.create();
    return request.method().value().equals("OPTIONS")
        ? answer
        : answer
            .withStatus(StatusCodes.BAD_REQUEST)
            .addHeader(org.apache.pekko.http.javadsl.model.headers.Connection.create("close"));
  }

  private void onAnswer(Answered answer) {
    if (answer.failure() != null && connection.isRefused()) {
      abandon();
      return;
    }
    HttpResponse response = answer.response();
    if (answer.failure() != null) {
      LOG.error("a request failed unexpectedly", answer.failure());
      response = HttpResponse.create().withStatus(StatusCodes.INTERNAL_SERVER_ERROR);
    }
    if (exchange.head().isOld()) {
      response = old(response);
    }
    if (draining || phase == Phase.CUT) {
      response =
          response.addHeader(
              org.apache.pekko.http.javadsl.model.headers.Connection.create("close"));
    }
    if (response.status().equals(StatusCodes.SWITCHING_PROTOCOLS)) {
      phase = Phase.RAW;
      emit(shape.responses, response);
      advance();
      return;
    }
    if (response.entity().isStrict()) {
      give(response);
    } else {
      isStreaming = true;
      emit(
          shape.responses,
          response.transformEntityDataBytes(Flow.fromGraph(new OnEnd(answerEnded::invoke))));
    }
  }

  /** HTTP/1.0 has no chunks: what is of no known length ends with its connection. */
  private static HttpResponse old(HttpResponse response) {
    ResponseEntity entity = response.entity();
    return entity.isChunked()
        ? response
            .withEntity(
                HttpEntities.createCloseDelimited(entity.getContentType(), entity.getDataBytes()))
            .withProtocol(HttpProtocols.HTTP_1_0)
        : response.withProtocol(HttpProtocols.HTTP_1_0);
  }

  /**
   * Nothing can be said any more. The layer is given up from the side of its requests: it takes
   * everything else for an error of ours, and logs it.
   */
  private void abandon() {
    if (exchange != null) {
      exchange.clientLeft();
    }
    if (isClosed(shape.fromLayer)) {
      completeStage();
    } else {
      cancel(shape.requests);
      complete(shape.toLayer);
      cancel(shape.fromLayer);
      cancel(shape.fromClient);
      fail(shape.toClient, new StreamTcpException("given up"));
    }
  }

  /** Go reads the rest of a body before it answers, if that does not take too long. */
  private void give(HttpResponse response) {
    boolean closes = response.getHeader("connection").isPresent();
    boolean waits =
        !bodyIsRead && !closes && !exchange.head().expectsContinue() && !isClosed(shape.fromClient);
    if (waits) {
      held = Optional.of(response);
      heldBytes = 0;
      scheduleOnce(BODY, LINGER_TIME);
    } else {
      emit(shape.responses, response);
      onAnswerOver(true);
    }
  }

  private void onBodyRead(Exchange of) {
    if (of == exchange) {
      bodyIsRead = true;
      giveHeld();
    }
  }

  private void giveHeld() {
    if (held.isPresent()) {
      cancelTimer(BODY);
      emit(shape.responses, held.get());
      held = Optional.empty();
      onAnswerOver(true);
    }
  }

  private void onAnswerOver(boolean whole) {
    if (!whole) {
      abandon();
      return;
    }
    answerGiven = true;
    onAnswerPossiblyOver();
    advance();
  }

  /** The next request's turn comes when this one is read and answered. */
  private void onAnswerPossiblyOver() {
    if ((phase == Phase.ANSWER || phase == Phase.CUT) && answerGiven) {
      boolean last = phase == Phase.CUT || exchange.head().closes() || draining;
      awaitHead();
      if (last) {
        close();
      } else if (!hasBeenPulled(shape.requests) && !isClosed(shape.requests)) {
        pull(shape.requests);
      }
    }
  }

  private final class FromClient extends AbstractInHandler {
    @Override
    public void onPush() {
      ByteString bytes = grab(shape.fromClient);
      if (phase != Phase.CLOSING && phase != Phase.CUT) {
        unread = bytes.toArrayUnsafe();
      }
      advance();
    }

    @Override
    public void onUpstreamFinish() {
      advance();
    }

    @Override
    public void onUpstreamFailure(Throwable failure) {
      abandon();
    }
  }

  private final class ToLayer extends AbstractOutHandler {
    @Override
    public void onPull() {
      advance();
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {
      passed = ByteString.emptyByteString();
      close();
    }
  }

  private final class FromLayer extends AbstractInHandler {
    @Override
    public void onPush() {
      if (isClosed(shape.toClient)) {
        pull(shape.fromLayer);
      } else if (grab(shape.fromLayer) instanceof SendBytes sent) {
        push(shape.toClient, sent.bytes());
      } else {
        pull(shape.fromLayer);
      }
    }

    /** Every answer is written. Bytes that nobody reads would make the system break the rest. */
    @Override
    public void onUpstreamFinish() {
      boolean stillSends = refusal.isPresent() || exchange != null;
      close();
      refusal.ifPresent(answer -> emit(shape.toClient, answer.bytes()));
      if (stillSends && !isClosed(shape.fromClient)) {
        scheduleOnce(LINGER, LINGER_TIME);
      } else {
        complete(shape.toClient);
      }
    }
  }

  private final class ToClient extends AbstractOutHandler {
    @Override
    public void onPull() {
      if (!isClosed(shape.fromLayer)) {
        pull(shape.fromLayer);
      }
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {
      abandon();
    }
  }

  private final class Requests extends AbstractInHandler {
    @Override
    public void onPush() {
      onRequest(grab(shape.requests));
    }

    @Override
    public void onUpstreamFinish() {}

    /**
     * The layer ends this side as failed after an answer to a request that it had not read to its
     * end. How the connection ends is decided where its bytes end, and the answer is among them.
     */
    @Override
    public void onUpstreamFailure(Throwable failure) {}
  }

  private final class Responses extends AbstractOutHandler {
    private boolean asked;

    @Override
    public void onPull() {
      if (!asked) {
        asked = true;
        pull(shape.requests);
      }
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {}
  }
}
