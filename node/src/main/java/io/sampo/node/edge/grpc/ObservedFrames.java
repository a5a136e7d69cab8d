package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.CompletionTimeoutException;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Tells of each frame that goes to a client, and how the stream of them ended: a client that leaves
 * has cancelled the call, as in etcd, although nothing failed here.
 */
final class ObservedFrames extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("observed.in");
  private final Outlet<ByteString> out = Outlet.create("observed.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final IntConsumer frame;
  private final Consumer<Status.Code> end;

  /**
   * @param frame takes the size of each frame in bytes
   * @param end is called once
   */
  ObservedFrames(IntConsumer frame, Consumer<Status.Code> end) {
    this.frame = frame;
    this.end = end;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private static Status.Code code(Throwable failure) {
    if (failure instanceof CompletionTimeoutException) {
      return Status.Code.DEADLINE_EXCEEDED;
    }
    return failure instanceof EtcdException status ? status.code() : Status.Code.INTERNAL;
  }

  private final class Logic extends GraphStageLogic {
    private Status.Code code;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              ByteString bytes = grab(in);
              frame.accept(bytes.size());
              push(out, bytes);
            }

            @Override
            public void onUpstreamFinish() {
              code = Status.Code.OK;
              completeStage();
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              code = code(failure);
              failStage(failure);
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(in);
            }
          });
    }

    /** Without a word from upstream it was the client, or the connection with it. */
    @Override
    public void postStop() {
      end.accept(code == null ? Status.Code.CANCELLED : code);
    }
  }
}
