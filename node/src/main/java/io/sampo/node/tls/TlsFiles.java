package io.sampo.node.tls;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads small files of keys and certificates. */
public final class TlsFiles {
  /** A file of authorities for the whole web is a quarter of a megabyte. */
  private static final long MAX_BYTES = 16 << 20;

  private TlsFiles() {}

  /**
   * All of a file.
   *
   * @throws TlsException with Go's text, where Go has one
   */
  public static byte[] read(String file) throws TlsException {
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new TlsException("read " + file + ": is a directory");
      }
      if (Files.size(path) > MAX_BYTES) {
        throw new TlsException("read " + file + ": larger than " + MAX_BYTES + " bytes");
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new TlsException("open " + file + ": no such file or directory", e);
    } catch (AccessDeniedException e) {
      throw new TlsException("open " + file + ": permission denied", e);
    } catch (IOException | InvalidPathException e) {
      throw new TlsException("read " + file + ": " + e.getMessage(), e);
    }
  }
}
