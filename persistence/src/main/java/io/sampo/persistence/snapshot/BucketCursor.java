package io.sampo.persistence.snapshot;

/**
 * A position in one bucket that moves forward only: starts before the first entry. Used by one
 * thread at a time.
 */
public interface BucketCursor {
  /** Moves to the next entry; false once there is none. */
  boolean next();

  /**
   * The key at the position, 1 to {@value BboltFormat#MAX_KEY_BYTES} bytes; not to be changed by
   * anyone.
   */
  byte[] key();

  /** The value at the position; not to be changed by anyone. */
  byte[] value();
}
