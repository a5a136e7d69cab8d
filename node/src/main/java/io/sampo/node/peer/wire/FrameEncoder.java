package io.sampo.node.peer.wire;

import io.sampo.protocol.raftpb.Message;

/**
 * Writes the frames of one stream, from its first to its last: what a frame looks like may depend
 * on the ones before, so a message must be encoded only when it is sure to be sent.
 */
public interface FrameEncoder {
  /** Appends the message's frame. */
  void encode(Message message, FrameBuffer out);

  /** Appends the frame that only says that the link is alive. */
  void linkHeartbeat(FrameBuffer out);
}
