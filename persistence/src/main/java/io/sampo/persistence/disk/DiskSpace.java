package io.sampo.persistence.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** What is left of a disk. The last of it belongs to the log. */
public final class DiskSpace {
  /**
   * With less left the log writes nothing any more, and nobody else may take of it. Native LevelDB
   * maps its log into memory a megabyte at a time, and the whole process dies of SIGBUS where the
   * disk has no space for it; this also covers a flush and a compaction.
   */
  public static final long LOG_RESERVE_BYTES = 64L << 20;

  private DiskSpace() {}

  /**
   * Bytes that may still be written. It asks the system call itself: a {@code FileStore} is looked
   * up in the list of mounts, which does not name the root of a chroot.
   *
   * @param place a file or folder of that disk, which exists
   */
  public static long usableBytes(Path place) throws IOException {
    long bytes = place.toFile().getUsableSpace();
    if (bytes == 0 && !Files.exists(place)) {
      throw new NoSuchFileException(place.toString());
    }
    return bytes;
  }

  /** Whether both are on one disk, so that a file of one can be renamed to the other. */
  public static boolean isOneDisk(Path place, Path other) throws IOException {
    return Files.getAttribute(place, "unix:dev").equals(Files.getAttribute(other, "unix:dev"));
  }

  /**
   * Whether a file that is not the log's may take so many of the usable bytes.
   *
   * @throws DiskShortageException if it may not
   */
  public static void requireBesideLog(long bytes, long usableBytes) throws DiskShortageException {
    long left = Math.max(0, usableBytes - LOG_RESERVE_BYTES);
    if (left < bytes) {
      throw new DiskShortageException(
          "it needs %d bytes, the disk has %d left beside the log's reserve"
              .formatted(bytes, left));
    }
  }

  /** Why the log may write nothing where so many bytes are usable; empty if it may. */
  public static Optional<String> shortageForLog(long usableBytes) {
    return usableBytes >= LOG_RESERVE_BYTES
        ? Optional.empty()
        : Optional.of(
            "the disk is full: %d bytes are left where %d are needed"
                .formatted(usableBytes, LOG_RESERVE_BYTES));
  }
}
