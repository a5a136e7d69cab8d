package io.sampo.node.peer.stream;

/** Told by a stream what happens on it, on the stream's thread; must be quick. */
public interface StreamListener {
  /** Bytes of frames that went on their way, or came. */
  void moved(long bytes);

  /**
   * The stream has ended; told once.
   *
   * @param reason empty if the other side, or {@link OutgoingStream#close}, ended it in order
   * @param lostMessages how many were taken but not sent
   */
  void ended(String reason, int lostMessages);
}
