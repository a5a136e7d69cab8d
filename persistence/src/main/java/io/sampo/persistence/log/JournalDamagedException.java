package io.sampo.persistence.log;

/**
 * The journal holds something that this program never wrote, or lacks something it wrote. The node
 * must not go on: its promises (votes, acknowledged entries) may be among what is lost.
 */
public final class JournalDamagedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JournalDamagedException(String message) {
    super(message);
  }

  public JournalDamagedException(String message, Throwable cause) {
    super(message, cause);
  }

  /** One line for the operator: what is wrong, where, and what to do about it. */
  static String advice(String journal, String finding) {
    return "the journal "
        + journal
        + " is damaged: "
        + finding
        + "; do not start this member on it again: remove the member from the cluster and add it anew with an empty"
        + " data directory, or restore a backup";
  }
}
