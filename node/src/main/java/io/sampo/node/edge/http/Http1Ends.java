package io.sampo.node.edge.http;

import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/** The ends of {@link Http1Stage}, and what comes in at each of them. */
abstract class Http1Ends extends TimerGraphStageLogic {
  final Http1Shape shape;

  Http1Ends(Http1Shape shape) {
    super(shape);
    this.shape = shape;
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
        push(shape.toClient, sent.bytes());
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
        awaitRequest();
      }
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {}
  }
}
