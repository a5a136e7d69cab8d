package io.sampo.node.edge.http;

import io.sampo.node.edge.AnswerMemory;
import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/** The ends of {@link Http1Stage}, and what comes in at each of them. */
abstract class Http1Ends extends TimerGraphStageLogic {
  private static final String ROOM = "room";

  /** When it is looked again whether there is room for answers. */
  private static final Duration LOOK = Duration.ofMillis(100);

  final Http1Shape shape;
  private final AnswerMemory memory;
  private final AnswerMemory.Share share;
  private final OldAnswers oldAnswers = new OldAnswers();
  private AsyncCallback<Done> stalled;

  /** What was given to the connection and is not on its way yet. */
  private long unwrittenBytes;

  /** Waits until less waits for others, or null. */
  private HttpRequest waiting;

  Http1Ends(Http1Shape shape, AnswerMemory memory) {
    super(shape);
    this.shape = shape;
    this.memory = memory;
    this.share = memory.share(() -> stalled.invoke(Done.getInstance()));
    setHandler(shape.fromClient, new FromClient());
    setHandler(shape.toClient, new ToClient());
    setHandler(shape.toLayer, new ToLayer());
    setHandler(shape.fromLayer, new FromLayer());
    setHandler(shape.requests, new Requests());
    setHandler(shape.responses, new Responses());
  }

  /** These came from the client. */
  abstract void onBytes(ByteString bytes);

  /** The layer wants more, or the client sends nothing more. */
  abstract void advance();

  /** The connection is broken. */
  abstract void abandon();

  /** The layer takes no more bytes. */
  abstract void onLayerEnd();

  /** All that the layer had to say is on its way to the client. */
  abstract void onAnswersEnd();

  abstract void onRequest(HttpRequest request);

  @Override
  public void preStart() {
    stalled = createAsyncCallback(done -> abandon());
  }

  @Override
  public void postStop() {
    onWritten();
    share.close();
  }

  /** A timer other than those of the ends. */
  abstract void onTime(Object key);

  @Override
  public final void onTimer(Object key) {
    if (key.equals(ROOM)) {
      HttpRequest request = waiting;
      waiting = null;
      whenThereIsRoom(request);
    } else {
      onTime(key);
    }
  }

  private void whenThereIsRoom(HttpRequest request) {
    if (memory.isOverfull()) {
      waiting = request;
      scheduleOnce(ROOM, LOOK);
    } else {
      onRequest(request);
    }
  }

  /** Gives an answer to the layer. */
  final void answer(HttpResponse response) {
    oldAnswers.given(response);
    emit(shape.responses, response);
  }

  private void give(ByteString bytes) {
    if (bytes.size() > AnswerMemory.SMALL_BYTES) {
      unwrittenBytes += bytes.size();
      share.add(bytes.size());
    }
    push(shape.toClient, bytes);
  }

  private void onWritten() {
    if (unwrittenBytes > 0) {
      share.give(unwrittenBytes);
      unwrittenBytes = 0;
    }
  }

  final void awaitBytes() {
    if (!isClosed(shape.fromClient) && !hasBeenPulled(shape.fromClient)) {
      pull(shape.fromClient);
    }
  }

  final void awaitRequest() {
    if (!isClosed(shape.requests) && !hasBeenPulled(shape.requests)) {
      pull(shape.requests);
    }
  }

  /**
   * Breaks the connection. The layer is given up from the side of its requests: it takes everything
   * else for an error of ours, and logs it.
   */
  final void breakOff() {
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

  private final class FromClient extends AbstractInHandler {
    @Override
    public void onPush() {
      onBytes(grab(shape.fromClient));
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

  private final class ToClient extends AbstractOutHandler {
    @Override
    public void onPull() {
      onWritten();
      if (!isClosed(shape.fromLayer)) {
        pull(shape.fromLayer);
      }
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {
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
      onLayerEnd();
    }
  }

  private final class FromLayer extends AbstractInHandler {
    @Override
    public void onPush() {
      if (grab(shape.fromLayer) instanceof SendBytes sent && !isClosed(shape.toClient)) {
        give(oldAnswers.written(sent.bytes()));
      } else {
        pull(shape.fromLayer);
      }
    }

    @Override
    public void onUpstreamFinish() {
      onAnswersEnd();
    }
  }

  private final class Requests extends AbstractInHandler {
    @Override
    public void onPush() {
      whenThereIsRoom(grab(shape.requests));
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
        awaitRequest();
      }
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {}
  }
}
