package io.sampo.persistence.snapshot;

import java.io.IOException;
import java.nio.file.Path;

/** A snapshot file is not what it must be; the message names the file and what is wrong with it. */
public final class SnapshotFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  SnapshotFormatException(Path file, String problem) {
    super(file + ": " + problem);
  }
}
