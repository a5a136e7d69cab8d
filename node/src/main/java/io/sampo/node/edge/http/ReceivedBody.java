package io.sampo.node.edge.http;

import java.io.IOException;
import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * A request's body on its way to whoever reads it. If it is given up, a little more is read, for it
 * may end there (as in Go; when more comes, the connection ends with the answer), and a body that
 * was cut ends for Pekko's layer as if it were whole: that layer would end the connection for
 * either, and no answer would be sent.
 */
final class ReceivedBody extends GraphStage<FlowShape<ByteString, ByteString>> {
  /** How many bytes are read of a body that was given up. */
  private static final int MAX_DROPPED_BYTES = 256 * 1024;

  private final Inlet<ByteString> in = Inlet.create("ReceivedBody.in");
  private final Outlet<ByteString> out = Outlet.create("ReceivedBody.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Supplier<String> failure;
  private final Runnable ended;

  /**
   * @param failure why the body was cut, asked when it has ended; empty if it is whole
   * @param ended told once it was read or given up
   */
  ReceivedBody(Supplier<String> failure, Runnable ended) {
    this.failure = failure;
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
    private long dropped;

    Logic() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              if (isClosed(out)) {
                drop(grab(in));
              } else {
                push(out, grab(in));
              }
            }

            @Override
            public void onPull() {
              pull(in);
            }

            @Override
            public void onUpstreamFinish() {
              String reason = failure.get();
              if (reason.isEmpty()) {
                completeStage();
              } else {
                failStage(new IOException(reason));
              }
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              if (!hasBeenPulled(in) && !isClosed(in)) {
                pull(in);
              }
            }
          });
    }

    private void drop(ByteString bytes) {
      dropped += bytes.size();
      if (dropped <= MAX_DROPPED_BYTES) {
        pull(in);
      }
    }

    @Override
    public void postStop() {
      ended.run();
    }
  }
}
