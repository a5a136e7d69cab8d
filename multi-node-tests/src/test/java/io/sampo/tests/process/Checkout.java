package io.sampo.tests.process;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the source checkout is that the tests belong to. */
public final class Checkout {

  private static final Path ROOT = findRoot();

  private Checkout() {}

  /** The directory that holds all modules. */
  public static Path root() {
    return ROOT;
  }

  private static Path findRoot() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null) {
      if (Files.isDirectory(directory.resolve("multi-node-tests"))
          && Files.isDirectory(directory.resolve("protocol"))) {
        return directory;
      }
      directory = directory.getParent();
    }
    throw new IllegalStateException(
        "not inside a checkout of Sampo: " + Path.of("").toAbsolutePath());
  }
}
