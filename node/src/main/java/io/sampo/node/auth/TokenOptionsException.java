package io.sampo.node.auth;

/** {@code --auth-token} says something that no tokens can be made of. etcd's words. */
public final class TokenOptionsException extends Exception {
  private static final long serialVersionUID = 1L;

  /** For all that no other text was found for; what it is was logged. */
  static final String INVALID_OPTIONS = "auth: invalid auth options";

  TokenOptionsException(String message) {
    super(message);
  }

  TokenOptionsException(String message, Throwable cause) {
    super(message, cause);
  }
}
