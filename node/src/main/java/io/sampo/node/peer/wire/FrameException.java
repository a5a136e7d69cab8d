package io.sampo.node.peer.wire;

/** What came is no frame, or one beyond the bounds: nothing after it can be understood. */
public final class FrameException extends Exception {
  private static final long serialVersionUID = 1L;

  FrameException(String message) {
    super(message);
  }

  FrameException(String message, Throwable cause) {
    super(message, cause);
  }
}
