package io.sampo.persistence.datadir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The member's folder, held exclusively until closed.
 *
 * <pre>
 * data-dir/member/LOCK       held while a process uses the directory
 *                 FORMAT     the version of all this
 *                 IDENTITY   member and cluster id, written at the first boot
 *                 journal/   the log (elsewhere with --wal-dir)
 *                 snap/      snapshots of the state
 *                 native/    the library of the journal
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {
  private final Layout layout;
  private final FileChannel lock;
  private Optional<Identity> identity;

  private DataDirectory(Layout layout, FileChannel lock, Optional<Identity> identity) {
    this.layout = layout;
    this.lock = lock;
    this.identity = identity;
  }

  /**
   * Takes the directory, creating it where it is missing. What cannot be used is refused before
   * anything is written.
   *
   * @param walDirectory {@code --wal-dir}: where the log is kept instead of below the data
   *     directory
   * @throws DataDirectoryException if it is in use, not writable, of a newer version, damaged or
   *     not ours
   */
  public static DataDirectory open(Path dataDirectory, Optional<Path> walDirectory) {
    Layout layout = Layout.of(dataDirectory, walDirectory);
    FileChannel lock = null;
    try {
      Inspection inspection = new Inspection(layout);
      inspection.checkWritable();
      if (Files.exists(layout.takeover())) {
        lock = DirectoryLock.take(layout);
        new TakeoverFiles(layout, step -> {}).finish();
      } else {
        inspection.isEstablished();
        lock = DirectoryLock.take(layout);
      }
      // What was seen before the lock was held may have changed since.
      if (!inspection.isEstablished()) {
        DurableFiles.createFolders(layout.journal());
        DurableFiles.write(layout.format(), Inspection.formatText());
      }
      DurableFiles.createFolders(layout.journal());
      DurableFiles.createFolders(layout.snapshots());
      DurableFiles.createFolders(layout.nativeLibraries());
      return new DataDirectory(layout, lock, readIdentity(layout));
    } catch (IOException e) {
      DirectoryLock.release(lock, e);
      throw DirectoryLock.unusable(layout, e);
    } catch (RuntimeException e) {
      DirectoryLock.release(lock, e);
      throw e;
    }
  }

  /**
   * Whether a member has established itself there, so that flags about its identity are of no
   * interest any more. Only looks, at any time.
   */
  public static boolean hasIdentity(Path dataDirectory) {
    return Files.exists(Layout.of(dataDirectory, Optional.empty()).identity());
  }

  public Path root() {
    return layout.root();
  }

  /** The folder of the log's journal; exists. */
  public Path journal() {
    return layout.journal();
  }

  /** The folder of the snapshots; exists. */
  public Path snapshots() {
    return layout.snapshots();
  }

  /**
   * A folder for snapshots of leaders on their way; exists, and is empty.
   *
   * @throws IOException if that cannot be had
   */
  public Path received() throws IOException {
    Path received = Files.createDirectories(layout.snapshots().resolve("received"));
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(received)) {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
      }
    }
    return received;
  }

  /** Where the journal's native library may be kept between starts; exists. */
  public Path nativeLibraries() {
    return layout.nativeLibraries();
  }

  /**
   * Whose data this is; empty until {@link #establish} has succeeded once. From then on the journal
   * has a history.
   */
  public Optional<Identity> identity() {
    return identity;
  }

  /**
   * Writes the identity durably at the first boot; at every later one it must be the same.
   *
   * @throws DataDirectoryException if the directory is another member's or cannot be written
   */
  public void establish(Identity expected) {
    if (identity.isPresent()) {
      if (!identity.get().equals(expected)) {
        throw new DataDirectoryException(
            "the data directory "
                + layout.root()
                + " belongs to "
                + identity.get()
                + ", not to "
                + expected);
      }
      return;
    }
    try {
      DurableFiles.write(layout.identity(), expected.encoded());
    } catch (IOException e) {
      throw new DataDirectoryException(
          "cannot write " + layout.identity() + ": " + DurableFiles.reason(e), e);
    }
    identity = Optional.of(expected);
  }

  /** Lets another process have the directory. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new DataDirectoryException(
          "cannot unlock " + layout.lock() + ": " + DurableFiles.reason(e), e);
    }
  }

  private static Optional<Identity> readIdentity(Layout layout) throws IOException {
    if (!Files.exists(layout.identity())) {
      return Optional.empty();
    }
    Identity identity =
        Identity.decoded(Files.readString(layout.identity(), StandardCharsets.UTF_8));
    if (identity == null) {
      throw new DataDirectoryException(
          "the data directory "
              + layout.root()
              + " is damaged: "
              + layout.identity()
              + " is unreadable");
    }
    return Optional.of(identity);
  }
}
