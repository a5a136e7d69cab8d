package io.sampo.node.discovery;

/** The discovery service does not let this member into the new cluster. etcd's text. */
public final class DiscoveryException extends Exception {
  private static final long serialVersionUID = 1;

  public DiscoveryException(String message) {
    super(message);
  }

  public DiscoveryException(String message, Throwable cause) {
    super(message, cause);
  }
}
