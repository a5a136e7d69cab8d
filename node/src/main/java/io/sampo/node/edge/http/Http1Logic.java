package io.sampo.node.edge.http;

import io.sampo.node.edge.AnswerMemory;
import io.sampo.node.edge.Connection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/** What {@link Http1Stage} does. */
final class Http1Logic extends Http1Ends {
  private static final String HEAD = "head";
  private static final String BODY = "body";

  /** How long the rest of a body that nobody reads may take before the answer or behind it. */
  private static final Duration BODY_TIME = Duration.ofMillis(500);

  /** How much of a body that nobody reads may come before the answer (as in Go). */
  private static final int MAX_UNREAD_BYTES = 256 * 1024;

  private final Connection connection;
  private final Http1Settings settings;
  private final RequestDispatch dispatch;

  private Http1Phase phase = Http1Phase.HEAD;
  private final RequestReader reader = new RequestReader();
  private Exchange exchange;

  /** Read, but the layer has not asked for it yet. */
  private ByteString passed = ByteString.emptyByteString();

  private Optional<Refusal> refusal = Optional.empty();

  /** Whether more of the refused request may be on its way. */
  private boolean refusedInBetween;

  private boolean answerGiven;
  private boolean isStreaming;

  /** Whether the request's body comes in pieces that are not all read. */
  private boolean bodyIsRead = true;

  /** Waits until the request's body is read, for else the connection would end with it. */
  private Optional<HttpResponse> held = Optional.empty();

  /** How much came since the answer that nobody waits for. */
  private long drainedBytes;

  private boolean draining;
  private AsyncCallback<Answered> answered;
  private AsyncCallback<Boolean> answerEnded;
  private AsyncCallback<Exchange> bodyEnded;

  Http1Logic(
      Http1Shape shape,
      Connection connection,
      Http1Settings settings,
      AnswerMemory memory,
      Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
    super(shape, memory);
    this.connection = connection;
    this.settings = settings;
    this.dispatch = new RequestDispatch(connection, settings.checksSource(), routes);
  }

  @Override
  public void preStart() {
    super.preStart();
    answered = createAsyncCallback(this::onAnswer);
    answerEnded = createAsyncCallback(this::onAnswerOver);
    bodyEnded = createAsyncCallback(this::onBodyRead);
    AsyncCallback<Done> drain = createAsyncCallback(done -> onDrain());
    connection.onDrain(() -> drain.invoke(Done.getInstance()));
    awaitHead();
    readOn();
  }

  private void awaitHead() {
    phase = Http1Phase.HEAD;
    reader.next();
    exchange = null;
    drainedBytes = 0;
    if (settings.limitsSilence()) {
      scheduleOnce(HEAD, settings.head());
    }
  }

  @Override
  void onTime(Object key) {
    if (key.equals(BODY)) {
      giveHeld();
      closeUnlessRead();
    } else {
      close();
    }
  }

  private void onDrain() {
    draining = true;
    if (phase == Http1Phase.HEAD) {
      close();
    }
  }

  @Override
  void onBytes(ByteString bytes) {
    if (dropsAll()) {
      drainedBytes += bytes.size();
    } else {
      reader.add(bytes);
    }
    advance();
  }

  @Override
  void onLayerEnd() {
    passed = ByteString.emptyByteString();
    close();
  }

  @Override
  void onAnswersEnd() {
    if (refusedInBetween || exchange != null) {
      connection.endsWhileClientSends();
    }
    close();
    refusal.ifPresent(answer -> emit(shape.toClient, answer.bytes()));
    complete(shape.toClient);
  }

  /** Looks at what has come and passes on what the layer may have. */
  @Override
  void advance() {
    try {
      do {
        endExchange();
      } while (passed.isEmpty() && reader.hasUnread() && readSome());
    } catch (RefusedException e) {
      refusal = Optional.of(e.refusal());
      refusedInBetween = !reader.isRequestWhole();
      close();
    }
    if (drainedBytes > MAX_UNREAD_BYTES) {
      giveHeld();
      closeUnlessRead();
    }
    if (dropsAll()) {
      reader.drop();
    }
    passOn();
    if (isClosed(shape.fromClient) && !reader.hasUnread()) {
      onClientEnd();
    }
    readOn();
  }

  /** Whether what comes is nothing any more. */
  private boolean dropsAll() {
    return phase == Http1Phase.CLOSING || phase == Http1Phase.CUT;
  }

  /** One step with what is unread; false if nothing can be done with it now. */
  private boolean readSome() throws RefusedException {
    return switch (phase) {
      case HEAD -> readHead();
      case BODY -> {
        ByteStringBuilder out = new ByteStringBuilder();
        readBody(out);
        passed = out.result();
        yield true;
      }
      case RAW -> {
        passed = reader.readAll();
        yield false;
      }
      case ANSWER, CUT, CLOSING -> false;
    };
  }

  private boolean readHead() throws RefusedException {
    if (!reader.isInHead() && !settings.limitsSilence()) {
      scheduleOnce(HEAD, settings.head());
    }
    Optional<RequestHead> head = reader.readHead();
    if (head.isEmpty()) {
      return false;
    }
    cancelTimer(HEAD);
    exchange = new Exchange(head.get());
    answerGiven = false;
    isStreaming = false;
    phase = Http1Phase.BODY;
    ByteStringBuilder out = new ByteStringBuilder();
    reader.passHead(out);
    // If the body came with its head, the layer would not say 100 Continue.
    if (!exchange.head().expectsContinue()) {
      readBody(out);
    }
    passed = out.result();
    return true;
  }

  private void readBody(ByteStringBuilder out) {
    int taken = reader.readBody(out);
    if (held.isPresent() || answerGiven) {
      drainedBytes += taken;
    }
    if (reader.isBodyComplete()) {
      phase = Http1Phase.ANSWER;
    } else if (!reader.failure().isEmpty()) {
      cutBody(reader.failure(), out);
    }
  }

  /**
   * The answer to what came of the request is the last one on the connection. It says so behind bad
   * chunks. Go takes the end of what the client sends for the end of a body with a length.
   */
  private void cutBody(String reason, ByteStringBuilder out) {
    exchange.bodyFailed(reason);
    reader.passCut(out);
    phase = Http1Phase.CUT;
  }

  private void passOn() {
    if (!passed.isEmpty() && isAvailable(shape.toLayer)) {
      push(shape.toLayer, new SessionBytes(null, passed));
      passed = ByteString.emptyByteString();
    }
    if (phase == Http1Phase.CLOSING && passed.isEmpty()) {
      complete(shape.toLayer);
    }
  }

  /**
   * Asks for more of the client's bytes, also while it is owed an answer: it may leave. Of what is
   * dropped it takes so much that the client can say it and then read its answer.
   */
  private void readOn() {
    boolean wanted =
        dropsAll() ? drainedBytes <= MAX_UNREAD_BYTES : !reader.hasUnread() && passed.isEmpty();
    if (wanted) {
      awaitBytes();
    }
  }

  /** The client sends nothing more, and all that it has sent was looked at. */
  private void onClientEnd() {
    if (exchange != null) {
      exchange.clientLeft();
    }
    if (isClosed(shape.fromLayer)) {
      complete(shape.toClient);
    } else if (phase == Http1Phase.ANSWER && isStreaming && settings.limitsSilence()) {
      // Here nobody waits behind the end of what it says, and a stream would never end by itself.
      abandon();
    } else if (phase == Http1Phase.BODY) {
      ByteStringBuilder out = new ByteStringBuilder();
      cutBody("unexpected EOF", out);
      passed = passed.concat(out.result());
      passOn();
    } else if (phase == Http1Phase.HEAD && reader.isInHead()) {
      refusal = Optional.of(Refusal.MALFORMED);
      close();
    } else if (phase == Http1Phase.HEAD || phase == Http1Phase.RAW) {
      close();
    }
  }

  /** No further request; the answers before go out, then the refusal if there is one. */
  private void close() {
    phase = Http1Phase.CLOSING;
    cancelTimer(HEAD);
    reader.drop();
    passOn();
    readOn();
  }

  @Override
  void onRequest(HttpRequest received) {
    Exchange asked = exchange;
    bodyIsRead = received.entity().isStrict();
    HttpRequest request = exchange.restore(received, () -> bodyEnded.invoke(asked));
    dispatch
        .ask(exchange.head(), request)
        .whenComplete((response, failure) -> answered.invoke(new Answered(response, failure)));
  }

  private void onAnswer(Answered answer) {
    if (answer.failure() != null && connection.isRefused()) {
      abandon();
      return;
    }
    HttpResponse response = answer.orInternalError();
    isStreaming = !response.entity().isStrict();
    boolean saysEnd = draining || phase == Http1Phase.CUT && exchange.head().isChunked();
    boolean isTooLong = !bodyIsRead && reader.missingBytes() > MAX_UNREAD_BYTES;
    response = AnswerRules.adapt(response, exchange.head(), saysEnd || isTooLong);
    if (response.status().equals(StatusCodes.SWITCHING_PROTOCOLS)) {
      phase = Http1Phase.RAW;
      answer(response);
      advance();
      return;
    }
    if (isStreaming) {
      send(response);
    } else {
      give(response);
    }
  }

  private void send(HttpResponse response) {
    if (response.entity().isStrict()) {
      answer(response);
      onAnswerOver(true);
    } else {
      answer(response.transformEntityDataBytes(Flow.fromGraph(new OnEnd(answerEnded::invoke))));
    }
  }

  /** Nothing can be said any more. */
  @Override
  void abandon() {
    if (exchange != null) {
      exchange.clientLeft();
    }
    breakOff();
  }

  /** Go reads the rest of a body before it answers, if that does not take too long. */
  private void give(HttpResponse response) {
    boolean closes = AnswerRules.closes(response) || exchange.head().closes();
    if (!bodyIsRead && !closes && !exchange.head().expectsContinue()) {
      held = Optional.of(response);
      scheduleOnce(BODY, BODY_TIME);
    } else {
      send(response);
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
      HttpResponse response = held.get();
      held = Optional.empty();
      send(response);
    }
  }

  private void onAnswerOver(boolean whole) {
    if (!whole) {
      abandon();
      return;
    }
    answerGiven = true;
    if (phase == Http1Phase.BODY) {
      scheduleOnce(BODY, BODY_TIME);
    }
    advance();
  }

  /** The next request's turn comes when this one is read and answered. */
  private void endExchange() {
    if ((phase == Http1Phase.ANSWER || phase == Http1Phase.CUT) && answerGiven) {
      boolean last = phase == Http1Phase.CUT || exchange.head().closes() || draining;
      cancelTimer(BODY);
      awaitHead();
      if (last) {
        close();
      } else {
        awaitRequest();
      }
    }
  }

  /** Behind an answer that the layer takes for the last, it ends the connection by itself. */
  private void closeUnlessRead() {
    if (phase == Http1Phase.BODY && answerGiven && exchange.head().dropsBody()) {
      close();
    }
  }
}
