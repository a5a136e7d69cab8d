package io.sampo.persistence.datadir;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where everything is. The names that etcd has too mean the same; {@code member/wal} is etcd's
 * alone, so that neither program takes the other's log for its own.
 *
 * @param root {@code --data-dir}
 * @param journal the log; {@code --wal-dir} if given, {@code member/journal} otherwise
 */
record Layout(Path root, Path journal) {
  static Layout of(Path root, Optional<Path> walDirectory) {
    Path absolute = root.toAbsolutePath().normalize();
    return new Layout(
        absolute,
        walDirectory
            .map(path -> path.toAbsolutePath().normalize())
            .orElse(absolute.resolve("member").resolve("journal")));
  }

  Path member() {
    return root.resolve("member");
  }

  Path snapshots() {
    return member().resolve("snap");
  }

  Path nativeLibraries() {
    return member().resolve("native");
  }

  Path lock() {
    return member().resolve("LOCK");
  }

  Path format() {
    return member().resolve("FORMAT");
  }

  Path identity() {
    return member().resolve("IDENTITY");
  }

  /** Where etcd keeps its log when it has no --wal-dir. */
  Path etcdLog() {
    return member().resolve("wal");
  }

  boolean hasOwnJournalFolder() {
    return !journal.startsWith(root);
  }
}
