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
  /** The folder that etcd's files are set aside in. */
  static final String ASIDE = "before-sampo";

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

  /** Where etcd keeps its log, given the same flags. */
  Path etcdLog() {
    return hasOwnJournalFolder() ? journal : member().resolve("wal");
  }

  /** Where etcd keeps its log when it has no --wal-dir. */
  Path etcdDefaultLog() {
    return member().resolve("wal");
  }

  /** Says that etcd's files are being set aside. */
  Path takeover() {
    return member().resolve("TAKEOVER");
  }

  /** Where a takeover makes the new files. */
  Path staging() {
    return member().resolve("adopting");
  }

  Path stagedSnapshots() {
    return staging().resolve("snap");
  }

  /** On the same disk as the journal. */
  Path stagedJournal() {
    return hasOwnJournalFolder() ? journal.resolve("adopting") : staging().resolve("journal");
  }

  /** A data directory as etcd likes it. */
  Path aside(String name) {
    return root.resolve(name);
  }

  Path snapshotsAside(String name) {
    return aside(name).resolve("member").resolve("snap");
  }

  Path logAside(String name) {
    return hasOwnJournalFolder()
        ? journal.resolve(name)
        : aside(name).resolve("member").resolve("wal");
  }

  boolean hasOwnJournalFolder() {
    return !journal.startsWith(root);
  }
}
