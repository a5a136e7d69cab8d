package io.sampo.node.edge.http;

import java.util.function.Consumer;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Tells how a body ended. A failure is told instead of passed on: whoever is told ends the
 * connection, for nothing else can say on it that an answer is not whole.
 */
final class OnEnd extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("OnEnd.in");
  private final Outlet<ByteString> out = Outlet.create("OnEnd.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Consumer<Boolean> ended;

  /**
   * @param ended told once whether it ended whole
   */
  OnEnd(Consumer<Boolean> ended) {
    this.ended = ended;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private boolean whole = true;

    Logic() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              push(out, grab(in));
            }

            @Override
            public void onPull() {
              if (!isClosed(in)) {
                pull(in);
              }
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              whole = false;
              setKeepGoing(true);
              ended.accept(false);
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              setKeepGoing(false);
              cancelStage(cause);
            }
          });
    }

    @Override
    public void postStop() {
      if (whole) {
        ended.accept(true);
      }
    }
  }
}
