package io.sampo.persistence.etcd;

import java.io.IOException;
import java.nio.file.Path;

/** A file that etcd left is not what it must be; one line that names the file and the problem. */
public final class EtcdFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public EtcdFormatException(Path file, String problem) {
    super(file + ": " + problem);
  }
}
