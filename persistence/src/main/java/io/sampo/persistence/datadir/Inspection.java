package io.sampo.persistence.datadir;

import io.sampo.persistence.disk.DiskSpace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks at a data directory before anything in it is touched, and refuses what is not ours; only
 * reads.
 */
final class Inspection {
  /** Raised whenever an older program could not read what this one writes. */
  static final int FORMAT_VERSION = 1;

  private static final Pattern FORMAT =
      Pattern.compile("sampo data directory, format (\\d{1,9})\n");

  private final Layout layout;

  Inspection(Layout layout) {
    this.layout = layout;
  }

  static String formatText() {
    return "sampo data directory, format " + FORMAT_VERSION + "\n";
  }

  /**
   * True if the directory has our format file, false if it is new or was left before that was
   * written.
   */
  boolean isEstablished() throws IOException {
    refuseWhatEtcdLeft();
    if (Files.exists(layout.format())) {
      checkFormat();
      return true;
    }
    refuseDataOfOthers(layout.identity());
    refuseDataOfOthers(layout.snapshots());
    refuseDataOfOthers(layout.journal());
    return false;
  }

  /**
   * Both places can be written, or can be created where they do not exist yet, and the log has
   * space.
   */
  void checkWritable() throws IOException {
    for (Path place : List.of(layout.root(), layout.member(), layout.journal())) {
      Path existing = existing(place);
      if (existing == null || !Files.isDirectory(existing)) {
        throw new DataDirectoryException(
            "cannot use the data directory " + place + ": " + existing + " is not a directory");
      }
      if (!Files.isWritable(existing) || !Files.isExecutable(existing)) {
        throw new DataDirectoryException(
            "cannot use the data directory " + place + ": " + existing + " is not writable");
      }
    }
    DiskSpace.shortageForLog(DiskSpace.usableBytes(existing(layout.journal())))
        .ifPresent(
            shortage -> {
              throw new DataDirectoryException(
                  "cannot use the data directory " + layout.journal() + ": " + shortage);
            });
  }

  /** The place itself or the folder that it would be made in; null without one. */
  private static Path existing(Path place) {
    Path existing = place;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing;
  }

  private void refuseWhatEtcdLeft() throws IOException {
    for (Path log : List.of(layout.etcdLog(), layout.etcdDefaultLog())) {
      if (holdsEtcdLog(log)) {
        throw new DataDirectoryException(
            "the data directory " + layout.root() + whoWrote(log) + log + " holds a log of etcd");
      }
    }
  }

  private String whoWrote(Path log) {
    if (Files.exists(layout.format())) {
      return " is Sampo's, but etcd has written to it since: ";
    }
    return log.equals(layout.etcdLog())
        ? " was left by etcd and is not taken over yet: "
        : " was left by etcd with another --wal-dir: ";
  }

  /** As etcd tells a member with data from a new one. */
  static boolean holdsEtcdLog(Path folder) throws IOException {
    try (Stream<Path> files = Takeover.list(folder)) {
      return files.anyMatch(file -> file.getFileName().toString().endsWith(".wal"));
    }
  }

  private void checkFormat() throws IOException {
    String text = Files.readString(layout.format(), StandardCharsets.UTF_8);
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      throw new DataDirectoryException(
          "the data directory "
              + layout.root()
              + " is damaged: "
              + layout.format()
              + " is unreadable");
    }
    int version = Integer.parseInt(matcher.group(1));
    if (version > FORMAT_VERSION) {
      throw new DataDirectoryException(
          "the data directory "
              + layout.root()
              + " has format "
              + version
              + ", this version reads up to "
              + FORMAT_VERSION
              + ": start it with the newer version that wrote it");
    }
  }

  /**
   * A first start that was cut short leaves empty folders. What stands elsewhere in the directory
   * is nobody's data, as in etcd, and so is a file whose name begins with a dot.
   */
  private void refuseDataOfOthers(Path place) throws IOException {
    if (!Files.exists(place)) {
      return;
    }
    try (Stream<Path> files = Files.walk(place)) {
      files
          .filter(file -> Files.isRegularFile(file) && !isHidden(place, file))
          .findFirst()
          .ifPresent(
              file -> {
                throw new DataDirectoryException(
                    "the data directory "
                        + layout.root()
                        + " is not one of Sampo's and not empty ("
                        + file
                        + " exists): start with an empty --data-dir"
                        + (file.startsWith(layout.snapshots())
                            ? ", or, if etcd left it, with the --wal-dir that its log is in"
                            : ""));
              });
    }
  }

  private static boolean isHidden(Path place, Path file) {
    for (Path name : place.relativize(file)) {
      if (name.toString().startsWith(".") || name.toString().equals("lost+found")) {
        return true;
      }
    }
    return false;
  }
}
