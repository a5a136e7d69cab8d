package io.sampo.node.boot.flag;

/**
 * A configuration that no node is started from. The message is one line, etcd's own where etcd
 * refuses it too.
 */
public final class ConfigException extends Exception {
  /** How etcd reports it. */
  public enum Report {
    /** The bare text on standard error. */
    PLAIN,
    /** A warning {@code failed to verify flags} with the text as {@code error}. */
    VERIFY,
    /** A fatal line {@code discovery failed} with the text as {@code error}. */
    START,
    /** Two warnings about the token; a discovery service did not let this member in. */
    JOIN
  }

  private final Report report;

  public ConfigException(Report report, String message) {
    this(report, message, null);
  }

  public ConfigException(Report report, String message, Throwable cause) {
    super(message, cause);
    this.report = report;
  }

  /** How to say it. */
  public Report report() {
    return report;
  }
}
