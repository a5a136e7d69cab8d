package io.sampo.node.edge;

/** A port that cannot be listened on; the message is for the user. */
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
