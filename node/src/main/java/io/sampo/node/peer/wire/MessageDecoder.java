package io.sampo.node.peer.wire;

import io.sampo.protocol.raftpb.Message;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/** Reads what {@link MessageEncoder} writes. */
public final class MessageDecoder implements FrameDecoder {
  private static final int UNKNOWN = -1;

  private final int maxFrameBytes;
  private final FrameInput input = new FrameInput();
  private int length = UNKNOWN;

  public MessageDecoder(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
  }

  @Override
  public void feed(ByteString bytes, Consumer<Message> messages) throws FrameException {
    input.append(bytes);
    Message message = next();
    while (message != null) {
      if (!MessageEncoder.isLinkHeartbeat(message)) {
        messages.accept(message);
      }
      message = next();
    }
    input.shrink();
  }

  private Message next() throws FrameException {
    if (length == UNKNOWN) {
      if (input.available() < Long.BYTES) {
        return null;
      }
      length = checkLength(input.takeLong(), maxFrameBytes);
    }
    if (input.available() < length) {
      return null;
    }
    Message message = input.takeMessage(length, Message.parser());
    length = UNKNOWN;
    return message;
  }

  /** Lengths are unsigned on the wire. */
  static int checkLength(long length, long limit) throws FrameException {
    if (length < 0 || length > limit) {
      throw new FrameException(
          "a frame of " + Long.toUnsignedString(length) + " bytes, allowed are " + limit);
    }
    return (int) length;
  }
}
