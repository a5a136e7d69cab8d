package io.sampo.node.auth.jwt;

/** There is no key to sign or verify with; the message is one line for the operator. */
public final class JwtKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  JwtKeyException(String message) {
    super(message);
  }

  JwtKeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
