package io.sampo.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The names of LevelDB's tables. Newer LevelDBs, and the Java engine, call them {@code .ldb} and
 * read {@code .sst} too; the native one of leveldbjni knows only the older name. The content is the
 * same.
 */
final class LevelDbTables {
  private static final String NEW = ".ldb";
  private static final String OLD = ".sst";

  private LevelDbTables() {}

  /** Gives the tables of a journal that is not open the names that both engines know. */
  static void nameForNative(Path directory) throws IOException {
    boolean renamed = false;
    try (DirectoryStream<Path> tables = Files.newDirectoryStream(directory, "*" + NEW)) {
      for (Path table : tables) {
        String name = table.getFileName().toString();
        Files.move(
            table,
            table.resolveSibling(name.substring(0, name.length() - NEW.length()) + OLD),
            StandardCopyOption.ATOMIC_MOVE);
        renamed = true;
      }
    }
    if (renamed) {
      try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }
}
