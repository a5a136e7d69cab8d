package io.sampo.gateway.transcode;

import com.google.protobuf.Message;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SubscriptionWithCancelException;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** Tells a call's listener of each answer of a stream, and how the stream ended. */
final class CountedAnswers extends GraphStage<FlowShape<Message, Message>> {
  private final Inlet<Message> in = Inlet.create("CountedAnswers.in");
  private final Outlet<Message> out = Outlet.create("CountedAnswers.out");
  private final CallListener.Call call;

  CountedAnswers(CallListener.Call call) {
    this.call = call;
  }

  @Override
  public FlowShape<Message, Message> shape() {
    return FlowShape.of(in, out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private boolean ended;

    Logic() {
      super(shape());
      setHandlers(in, out, new Through());
    }

    private void end(Failure failure) {
      if (!ended) {
        ended = true;
        call.ended(failure.code(), failure.text());
      }
    }

    /** A connection or a stream may break without a word. */
    @Override
    public void postStop() {
      end(Failure.CANCELLED);
    }

    private final class Through extends AbstractInOutHandler {
      @Override
      public void onPush() {
        Message answer = grab(in);
        call.sent(answer);
        push(out, answer);
      }

      @Override
      public void onPull() {
        pull(in);
      }

      @Override
      public void onUpstreamFinish() {
        end(Failure.NONE);
        complete(out);
      }

      @Override
      public void onUpstreamFailure(Throwable cause) {
        end(Failure.silently(cause));
        fail(out, cause);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        end(ofCancel(cause));
        cancel(in, cause);
      }
    }
  }

  /** Whoever wants no more has left, unless it says what else happened. */
  private static Failure ofCancel(Throwable cause) {
    if (cause instanceof SubscriptionWithCancelException.NonFailureCancellation) {
      return Failure.CANCELLED;
    }
    return cause instanceof TimeoutException ? Failure.DEADLINE : Failure.silently(cause);
  }
}
