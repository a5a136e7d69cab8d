package io.sampo.node.peer.wire;

import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;

/** Length and message, again and again. */
public final class MessageEncoder implements FrameEncoder {
  /** A heartbeat from nobody to nobody; Raft says no such thing. */
  private static final Message LINK_HEARTBEAT =
      Message.newBuilder().setType(MessageType.MsgHeartbeat).build();

  @Override
  public void encode(Message message, FrameBuffer out) {
    out.putMessage(message);
  }

  @Override
  public void linkHeartbeat(FrameBuffer out) {
    out.putMessage(LINK_HEARTBEAT);
  }

  static boolean isLinkHeartbeat(Message message) {
    return message.getType() == MessageType.MsgHeartbeat
        && message.getFrom() == 0
        && message.getTo() == 0;
  }
}
