package io.sampo.persistence.snapshot;

import io.sampo.persistence.disk.DiskSpace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one member on disk, one file each: {@code <term>-<index>.snap.db}, a bbolt file
 * with its SHA-256 behind it, so that every one of them is also a backup that {@code etcdutl
 * snapshot restore} takes.
 *
 * <p>A file has its name only once it is durable; a crash leaves a temporary file at most, which
 * the next {@link #open} removes. Used by one thread at a time. Files of other names are left
 * alone.
 */
public final class SnapshotStore {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);

  private final Path directory;
  private final LongSupplier nanoClock;
  private final SnapshotDisk disk;

  private SnapshotStore(Path directory, LongSupplier nanoClock, SnapshotDisk disk) {
    this.directory = directory;
    this.nanoClock = nanoClock;
    this.disk = disk;
  }

  /**
   * Opens the store, creating the directory if need be, and removes what an interrupted {@link
   * #save} left.
   *
   * @param nanoClock monotonic time in nanoseconds, for the durations that are reported
   */
  public static SnapshotStore open(Path directory, LongSupplier nanoClock) throws IOException {
    return open(directory, nanoClock, SnapshotDisk.real());
  }

  /** The same over a disk that is given. */
  public static SnapshotStore open(Path directory, LongSupplier nanoClock, SnapshotDisk disk)
      throws IOException {
    Files.createDirectories(directory);
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(
            directory, file -> SnapshotNames.isTemporary(file.getFileName().toString()))) {
      leftovers.forEach(SnapshotStore::tryDelete);
    }
    return new SnapshotStore(directory, nanoClock, disk);
  }

  /**
   * Writes a snapshot and makes it durable, replacing one of the same id.
   *
   * @throws IOException if that fails, a full disk included; no unfinished file is left then. A
   *     snapshot that cannot fit is refused before a byte is written, because the journal may need
   *     what is left of the disk.
   */
  public SavedSnapshot save(SnapshotId id, SnapshotImage image) throws IOException {
    long start = nanoClock.getAsLong();
    Path target = directory.resolve(SnapshotNames.of(id));
    Path temporary = directory.resolve(SnapshotNames.of(id) + SnapshotNames.TEMPORARY);
    try {
      BboltLayout layout = BboltLayout.plan(image);
      requireSpace(layout.totalBytes() + BboltFormat.SHA256_BYTES);
      long fsyncNanos;
      long bytes;
      try (DigestOutput output = new DigestOutput(disk.create(temporary), nanoClock)) {
        layout.writeTo(output);
        output.finish();
        fsyncNanos = output.fsyncNanos();
        bytes = output.written();
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      long beforeDirectory = nanoClock.getAsLong();
      disk.forceDirectory(directory);
      long end = nanoClock.getAsLong();
      return new SavedSnapshot(
          new StoredSnapshot(id, target), bytes, fsyncNanos + end - beforeDirectory, end - start);
    } catch (IOException failure) {
      removeAfter(failure, temporary);
      throw new IOException(
          "cannot save snapshot " + target + ": " + failure.getMessage(), failure);
    } catch (RuntimeException failure) {
      removeAfter(failure, temporary);
      throw failure;
    }
  }

  /**
   * The newest snapshot whose checksum holds. Damaged ones above it are set aside as {@code
   * <name>.broken}, never deleted: what is left of them may be all an operator has.
   *
   * @throws IOException if a file cannot be read or set aside
   */
  public Optional<StoredSnapshot> newestValid() throws IOException {
    for (StoredSnapshot candidate : list()) {
      try {
        SnapshotVerifier.verify(candidate.path());
        return Optional.of(candidate);
      } catch (SnapshotFormatException damage) {
        LOG.warn("a damaged snapshot is set aside as {}", setAside(candidate.path()), damage);
      }
    }
    return Optional.empty();
  }

  /** All snapshots that are not set aside, newest first, not verified. */
  public List<StoredSnapshot> list() throws IOException {
    List<StoredSnapshot> snapshots = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        SnapshotNames.parse(file.getFileName().toString())
            .ifPresent(id -> snapshots.add(new StoredSnapshot(id, file)));
      }
    }
    snapshots.sort(Comparator.comparing(StoredSnapshot::id).reversed());
    return snapshots;
  }

  /**
   * Deletes all but the newest snapshots. One that cannot be deleted is left, with a warning.
   *
   * @param max how many stay, as of etcd's {@code --max-snapshots}; 0 keeps all
   * @return how many were deleted
   * @throws IllegalArgumentException if {@code max} is negative
   */
  public int retain(int max) throws IOException {
    if (max < 0) {
      throw new IllegalArgumentException("cannot retain " + max + " snapshots");
    }
    List<StoredSnapshot> snapshots = list();
    if (max == 0 || snapshots.size() <= max) {
      return 0;
    }
    List<StoredSnapshot> surplus = snapshots.subList(max, snapshots.size());
    int deleted = 0;
    for (StoredSnapshot snapshot : surplus) {
      if (tryDelete(snapshot.path())) {
        deleted++;
      }
    }
    return deleted;
  }

  private static boolean tryDelete(Path file) {
    try {
      Files.deleteIfExists(file);
      return true;
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("path", file)
          .addKeyValue("error", e.toString())
          .log("failed to delete an old snapshot; it is left");
      return false;
    }
  }

  /** Bytes that can still be written to the disk of the snapshots, the log's reserve included. */
  public long usableBytes() throws IOException {
    return disk.usableBytes(directory);
  }

  private void requireSpace(long bytes) throws IOException {
    DiskSpace.requireBesideLog(bytes, usableBytes());
  }

  private Path setAside(Path file) throws IOException {
    String name = file.getFileName() + SnapshotNames.BROKEN;
    Path target = file.resolveSibling(name);
    for (int attempt = 2; Files.exists(target); attempt++) {
      target = file.resolveSibling(name + "." + attempt);
    }
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    disk.forceDirectory(directory);
    return target;
  }

  private static void removeAfter(Exception failure, Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException secondFailure) {
      failure.addSuppressed(secondFailure);
    }
  }
}
