package io.sampo.persistence.log;

/**
 * The journal cannot be opened, or not be written any more (in use, not writable, full, disk
 * error); the message is one line.
 */
public final class JournalUnusableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JournalUnusableException(String message, Throwable cause) {
    super(message, cause);
  }
}
