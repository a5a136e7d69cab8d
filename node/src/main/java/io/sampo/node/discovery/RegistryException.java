package io.sampo.node.discovery;

/** A call of the discovery service failed; it may be tried again. */
final class RegistryException extends Exception {
  private static final long serialVersionUID = 1;

  RegistryException(String message) {
    super(message);
  }

  RegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
