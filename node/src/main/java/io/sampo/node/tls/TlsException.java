package io.sampo.node.tls;

/** Files or settings that no TLS can be spoken with; the message is one line for the operator. */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1L;

  public TlsException(String message) {
    super(message);
  }

  public TlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
