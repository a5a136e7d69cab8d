package io.sampo.persistence.log;

/**
 * The journal cannot be opened (in use, not writable, disk error); the message is one line and
 * names its directory.
 */
public final class JournalUnusableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JournalUnusableException(String message, Throwable cause) {
    super(message, cause);
  }
}
