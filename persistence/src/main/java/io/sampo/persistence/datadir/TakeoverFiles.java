package io.sampo.persistence.datadir;

import io.sampo.persistence.disk.DiskSpace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The steps of a takeover. Each may have been done before: a rename whose source is gone is done.
 */
final class TakeoverFiles {
  private static final Pattern RECORD =
      Pattern.compile(
          "sampo takes over from etcd\n"
              + "aside ([a-z0-9.-]+)\n"
              + "log (.*)\n"
              + "(member-id .*\n"
              + "cluster-id .*\n"
              + ")");

  /** What the store of snapshots calls its own; etcd's names are different ones. */
  private static final Pattern OWN_SNAPSHOT =
      Pattern.compile("[0-9a-f]{16}-[0-9a-f]{16}\\.snap\\.db");

  /** Everything that etcd may leave in a {@code --wal-dir}. */
  private static final Pattern ETCD_LOG = Pattern.compile(".*\\.(wal|tmp|broken)");

  private final Layout layout;
  private final Consumer<String> beforeStep;

  TakeoverFiles(Layout layout, Consumer<String> beforeStep) {
    this.layout = layout;
    this.beforeStep = beforeStep;
  }

  /** Removes what an attempt made that did not come to its commit. */
  void clearStaging() throws IOException {
    for (Path folder : List.of(layout.stagedJournal(), layout.staging())) {
      remove(folder);
    }
  }

  /** They are unpacked again by whoever needs them. */
  void clearNativeLibraries() throws IOException {
    remove(layout.nativeLibraries());
  }

  /** What cannot be renamed is better known before anything is done. */
  void checkOneDisk() throws IOException {
    boolean linked =
        Files.isDirectory(layout.snapshots())
            && !DiskSpace.isOneDisk(layout.snapshots(), layout.root());
    if (linked) {
      throw new DataDirectoryException(
          "cannot take over the data directory "
              + layout.root()
              + " of etcd: "
              + layout.snapshots()
              + " is on another disk");
    }
  }

  /** From here on there is only the way forward. */
  void commit(Identity identity) throws IOException {
    for (Path folder : List.of(layout.stagedJournal(), layout.stagedSnapshots())) {
      beforeStep.accept("sync " + folder);
      DurableFiles.syncTree(folder);
    }
    DurableFiles.syncFolder(layout.staging());
    beforeStep.accept("write " + layout.takeover());
    DurableFiles.write(
        layout.takeover(),
        "sampo takes over from etcd\naside "
            + freeName()
            + "\nlog "
            + layout.journal()
            + "\n"
            + identity.encoded());
  }

  /** A name under which nothing was set aside before, by this takeover or by an earlier one. */
  private String freeName() {
    String name = Layout.ASIDE;
    for (int i = 2; Files.exists(layout.aside(name)) || Files.exists(layout.logAside(name)); i++) {
      name = Layout.ASIDE + "." + i;
    }
    return name;
  }

  /** Does what is left to do after the commit; returns where etcd's files are then. */
  Path finish() throws IOException {
    Matcher record = RECORD.matcher(Files.readString(layout.takeover(), StandardCharsets.UTF_8));
    Identity identity = record.matches() ? Identity.decoded(record.group(3)) : null;
    if (identity == null) {
      throw new DataDirectoryException(
          "the data directory "
              + layout.root()
              + " is damaged: "
              + layout.takeover()
              + " is unreadable");
    }
    if (!record.group(2).equals(layout.journal().toString())) {
      throw new DataDirectoryException(
          "the data directory "
              + layout.root()
              + " is being taken over with its log in "
              + record.group(2)
              + ": start it with the same --wal-dir until that is done");
    }
    String aside = record.group(1);
    setLogAside(layout.logAside(aside));
    moveAll(
        layout.snapshots(),
        layout.snapshotsAside(aside),
        file -> !OWN_SNAPSHOT.matcher(file.getFileName().toString()).matches());
    moveAll(layout.stagedJournal(), layout.journal(), file -> true);
    moveAll(layout.stagedSnapshots(), layout.snapshots(), file -> true);
    beforeStep.accept("write " + layout.format());
    DurableFiles.write(layout.format(), Inspection.formatText());
    beforeStep.accept("write " + layout.identity());
    DurableFiles.write(layout.identity(), identity.encoded());
    beforeStep.accept("clear " + layout.staging());
    clearStaging();
    beforeStep.accept("delete " + layout.takeover());
    Files.delete(layout.takeover());
    DurableFiles.syncFolder(layout.member());
    return layout.aside(aside);
  }

  private void moveAll(Path from, Path to, Predicate<Path> which) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Takeover.list(from)) {
      found.filter(Files::isRegularFile).filter(which).sorted().forEach(files::add);
    }
    DurableFiles.createFolders(to);
    for (Path file : files) {
      beforeStep.accept("move " + file);
      Files.move(file, to.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
    DurableFiles.syncFolder(to);
    if (Files.isDirectory(from)) {
      DurableFiles.syncFolder(from);
    }
  }

  /** A folder of its own is renamed as a whole, be it a link to another disk. */
  private void setLogAside(Path to) throws IOException {
    if (layout.hasOwnJournalFolder()) {
      moveAll(
          layout.etcdLog(), to, file -> ETCD_LOG.matcher(file.getFileName().toString()).matches());
      return;
    }
    DurableFiles.createFolders(to.getParent());
    if (Files.exists(layout.etcdLog(), LinkOption.NOFOLLOW_LINKS)) {
      beforeStep.accept("move " + layout.etcdLog());
      Files.move(layout.etcdLog(), to, StandardCopyOption.ATOMIC_MOVE);
    }
    DurableFiles.syncFolder(to.getParent());
    DurableFiles.syncFolder(layout.member());
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> contents;
    try (Stream<Path> found = Files.walk(folder)) {
      contents = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : contents) {
      Files.delete(file);
    }
  }
}
