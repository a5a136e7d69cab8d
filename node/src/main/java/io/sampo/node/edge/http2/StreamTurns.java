package io.sampo.node.edge.http2;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.Shape;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/** Streams of Pekko's inside a connection; what they bring is handled in its turns. */
abstract class StreamTurns extends TimerGraphStageLogic implements ConnectionTurns {
  StreamTurns(Shape shape) {
    super(shape);
  }

  /** Does it, and sends what it makes. */
  abstract void turn(Runnable work);

  @Override
  public Materializer materializer() {
    return subFusingMaterializer();
  }

  @Override
  public <T> RequestSource<T> requestSource(
      Http2Stream stream, Runnable onPull, Runnable onCancel) {
    SubSourceOutlet<T> outlet = new SubSourceOutlet<>("http2.request");
    outlet.setHandler(
        new AbstractOutHandler() {
          @Override
          public void onPull() {
            turn(() -> guarded(stream, onPull));
          }

          @Override
          public void onDownstreamFinish(Throwable cause) {
            turn(() -> guarded(stream, onCancel));
          }
        });
    return new RequestSource<>() {
      @Override
      public Graph<SourceShape<T>, NotUsed> source() {
        return outlet.source();
      }

      @Override
      public boolean isAvailable() {
        return outlet.isAvailable();
      }

      @Override
      public void push(T element) {
        outlet.push(element);
      }

      @Override
      public void complete() {
        if (!outlet.isClosed()) {
          outlet.complete();
        }
      }

      @Override
      public void fail(Throwable cause) {
        if (!outlet.isClosed()) {
          outlet.fail(cause);
        }
      }
    };
  }

  @Override
  public <T> ResponseSink<T> responseSink(Http2Stream stream, ResponseSink.Handler<T> taker) {
    SubSinkInlet<T> inlet = new SubSinkInlet<>("http2.response");
    inlet.setHandler(
        new AbstractInHandler() {
          @Override
          public void onPush() {
            turn(() -> guarded(stream, () -> taker.onElement(inlet.grab())));
          }

          @Override
          public void onUpstreamFinish() {
            turn(() -> guarded(stream, taker::onComplete));
          }

          @Override
          public void onUpstreamFailure(Throwable failure) {
            turn(() -> guarded(stream, () -> taker.onFailure(failure)));
          }
        });
    return new ResponseSink<>() {
      @Override
      public Graph<SinkShape<T>, NotUsed> sink() {
        return inlet.sink();
      }

      @Override
      public void pull() {
        if (!inlet.isClosed() && !inlet.hasBeenPulled()) {
          inlet.pull();
        }
      }

      @Override
      public void cancel() {
        if (!inlet.isClosed()) {
          inlet.cancel();
        }
      }
    };
  }
}
