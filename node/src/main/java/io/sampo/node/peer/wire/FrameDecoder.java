package io.sampo.node.peer.wire;

import io.sampo.protocol.raftpb.Message;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * Reads the frames of one stream, in whatever pieces they come. Never holds more than one frame,
 * and never allocates memory for what has only been announced.
 */
public interface FrameDecoder {
  /**
   * Takes the next bytes and hands over the messages that are complete; link heartbeats are taken
   * out.
   *
   * @throws FrameException if the stream cannot be understood from here on
   */
  void feed(ByteString bytes, Consumer<Message> messages) throws FrameException;
}
