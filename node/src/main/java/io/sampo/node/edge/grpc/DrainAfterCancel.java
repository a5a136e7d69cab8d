package io.sampo.node.edge.grpc;

import java.time.Duration;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Bytes of a client whose reader may stop early. Pekko HTTP resets a stream at once when the
 * request is cancelled, and an answer that is on its way would be lost; so what still comes is
 * dropped instead, until the client ends its half or a second has passed.
 */
final class DrainAfterCancel extends GraphStage<FlowShape<ByteString, ByteString>> {
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Inlet<ByteString> in = Inlet.create("DrainAfterCancel.in");
  private final Outlet<ByteString> out = Outlet.create("DrainAfterCancel.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private boolean draining;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              if (draining) {
                grab(in);
                pull(in);
              } else {
                push(out, grab(in));
              }
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              if (draining) {
                completeStage();
              } else {
                failStage(failure);
              }
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(in);
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              draining = true;
              scheduleOnce("patience", PATIENCE);
              if (!hasBeenPulled(in)) {
                pull(in);
              }
            }
          });
    }

    @Override
    public void onTimer(Object patience) {
      completeStage();
    }
  }
}
