package io.sampo.node.discovery.srv;

/** A name could not be looked up. The text is Go's, as etcd shows it. */
public final class LookupException extends Exception {
  private static final long serialVersionUID = 1;

  public LookupException(String message) {
    super(message);
  }

  public LookupException(String message, Throwable cause) {
    super(message, cause);
  }
}
