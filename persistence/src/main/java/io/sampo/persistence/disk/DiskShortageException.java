package io.sampo.persistence.disk;

import java.io.IOException;

/** A file was not written, or not to its end, because the last of the disk is the log's. */
public final class DiskShortageException extends IOException {
  private static final long serialVersionUID = 1L;

  /** In one line, of what it says of itself only. */
  DiskShortageException(String message) {
    super(message);
  }
}
