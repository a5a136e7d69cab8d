package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Cuts the body of a client stream into its messages, decompressed. It holds at most one message
 * that is not complete yet, and that is bounded by the largest message allowed.
 */
final class GrpcFrameDecoder extends GraphStage<FlowShape<ByteString, byte[]>> {
  private final Inlet<ByteString> in = Inlet.create("GrpcFrameDecoder.in");
  private final Outlet<byte[]> out = Outlet.create("GrpcFrameDecoder.out");
  private final FlowShape<ByteString, byte[]> shape = FlowShape.of(in, out);
  private final String encoding;
  private final long maxMessageBytes;

  GrpcFrameDecoder(String encoding, long maxMessageBytes) {
    this.encoding = encoding;
    this.maxMessageBytes = maxMessageBytes;
  }

  @Override
  public FlowShape<ByteString, byte[]> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private ByteString buffer = ByteString.emptyByteString();

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              buffer = buffer.concat(grab(in));
              emitOrPull();
            }

            @Override
            public void onUpstreamFinish() {
              if (buffer.isEmpty()) {
                completeStage();
              } else if (!hasWholeFrame()) {
                failStage(new EtcdException(Status.Code.INTERNAL, "unexpected EOF"));
              }
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              emitOrPull();
            }
          });
    }

    private boolean hasWholeFrame() {
      return buffer.size() >= GrpcFrames.PREFIX
          && buffer.size() - GrpcFrames.PREFIX >= GrpcFrames.length(buffer, 0);
    }

    private void emitOrPull() {
      try {
        if (buffer.size() >= GrpcFrames.PREFIX) {
          GrpcFrames.checkSize(GrpcFrames.length(buffer, 0), maxMessageBytes);
        }
        if (hasWholeFrame()) {
          emitOne();
        } else if (!isClosed(in)) {
          pull(in);
        }
      } catch (EtcdException e) {
        failStage(e);
      }
    }

    private void emitOne() {
      int length = (int) GrpcFrames.length(buffer, 0);
      byte[] message = new byte[length];
      buffer.drop(GrpcFrames.PREFIX).copyToArray(message, 0, length);
      byte flag = buffer.apply(0);
      buffer = buffer.drop(GrpcFrames.PREFIX + length).compact();
      push(out, GrpcFrames.decoded(message, flag, encoding, maxMessageBytes));
      if (isClosed(in) && buffer.isEmpty()) {
        completeStage();
      } else if (isClosed(in) && !hasWholeFrame()) {
        failStage(new EtcdException(Status.Code.INTERNAL, "unexpected EOF"));
      }
    }
  }
}
