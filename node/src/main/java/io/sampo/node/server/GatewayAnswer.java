package io.sampo.node.server;

import com.google.protobuf.Message;
import io.sampo.node.request.CountedMessage;
import io.sampo.protocol.etcdserverpb.RangeResponse;

/** The answer of a call through the JSON gateway, as the gRPC edge would have sent it. */
final class GatewayAnswer implements CountedMessage {
  private final Message message;

  /** Made when they are asked for, which is seldom. */
  private byte[] bytes;

  private int written;

  GatewayAnswer(Message message) {
    this.message = message;
  }

  @Override
  public int size() {
    return message.getSerializedSize();
  }

  @Override
  public long count() {
    return message instanceof RangeResponse range ? range.getCount() : 0;
  }

  @Override
  public void write(byte[] target, int offset, int length) {
    if (bytes == null) {
      bytes = message.toByteArray();
    }
    System.arraycopy(bytes, written, target, offset, length);
    written += length;
  }
}
