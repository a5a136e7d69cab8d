package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.node.edge.http2.Http2Stream;
import io.sampo.protocol.error.EtcdException;
import org.apache.pekko.util.ByteString;

/** A call whose answers are whole frames: nothing is between the connection and who makes them. */
final class FramedCall extends OpenCall {
  private final GrpcMethod.Framed method;
  private FrameStream frames;

  FramedCall(GrpcEdge edge, Http2Stream stream, GrpcCall call, GrpcMethod.Framed method) {
    super(edge, stream, call);
    this.method = method;
  }

  void begin() {
    try {
      frames = method.handler().apply(call, new Back());
      stream.whenMayBegin(frames::pull);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void onData(byte[] bytes, int offset, int length, boolean end) {
    reader.add(bytes, offset, length);
    giveMessages();
    if (end && !isOver() && frames.wantsMessages() && reader.heldBytes() > 0) {
      fail(new EtcdException(Status.Code.INTERNAL, "unexpected EOF"));
    }
  }

  private void giveMessages() {
    try {
      byte[] message;
      while (!isOver() && frames.wantsMessages() && (message = reader.next()) != null) {
        edge.listener().streamed(method, true, 1, message.length);
        if (span() != null) {
          span().received(message);
        }
        frames.onMessage(message);
      }
      reader.keep();
    } catch (EtcdException e) {
      fail(e);
    }
  }

  private void sendNow(ByteString some) {
    if (isOver()) {
      return;
    }
    int messages = GrpcFrames.count(some);
    long bytes = some.size() - (long) messages * GrpcFrames.PREFIX;
    edge.listener().streamed(method, false, messages, bytes);
    sendFrames(some);
    if (stream.pendingBytes() == 0) {
      stream.whenMayBegin(frames::pull);
    }
    giveMessages();
  }

  @Override
  public void onWritable() {
    stream.whenMayBegin(frames::pull);
  }

  @Override
  void onOver(Status.Code code) {
    edge.listener().finished(method, call, code, 0, 0);
    if (frames != null) {
      frames.close();
    }
  }

  private final class Back implements FrameStream.Output {
    @Override
    public void send(ByteString some) {
      stream.execute(() -> sendNow(some));
    }

    @Override
    public void ready() {
      stream.execute(FramedCall.this::giveMessages);
    }

    @Override
    public void fail(Throwable cause) {
      stream.execute(() -> FramedCall.this.fail(cause));
    }
  }
}
