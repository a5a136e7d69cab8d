package io.sampo.node.peer.stream;

import io.sampo.protocol.raftpb.Message;
import java.util.concurrent.CompletableFuture;

/** Where received messages go, in the order in which they came. */
public interface MessageSink {
  /** Takes the message at once. */
  void accept(Message message);

  /** Whether so much was refused that no member can be speaking: the stream is to end. */
  boolean isHopeless();

  /** Completed when everything accepted before is handled. */
  CompletableFuture<Void> handled();
}
