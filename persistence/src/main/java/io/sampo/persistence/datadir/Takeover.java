package io.sampo.persistence.datadir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Puts Sampo's files in the place of etcd's. Everything new is made beside the old in folders of
 * its own ({@code adopting}); {@link #commit} then writes {@code member/TAKEOVER}, which is the
 * moment when the directory becomes Sampo's, and renames: etcd's files into {@code before-sampo},
 * from where etcd can still be started, and the new ones into their places. Cut short before that
 * moment, all is as it was and the next attempt begins anew; after it, {@link DataDirectory#open}
 * ends what was begun. No file of etcd's is ever written to, copied or deleted.
 */
public final class Takeover implements AutoCloseable {
  private final Layout layout;
  private final FileChannel lock;
  private final TakeoverFiles files;

  private Takeover(Layout layout, FileChannel lock, TakeoverFiles files) {
    this.layout = layout;
    this.lock = lock;
    this.files = files;
  }

  /**
   * Whether etcd's files are there and Sampo's are not. Only looks, at any time.
   *
   * @throws DataDirectoryException if the directory cannot be read
   */
  public static boolean isDue(Path dataDirectory, Optional<Path> walDirectory) {
    Layout layout = Layout.of(dataDirectory, walDirectory);
    try {
      return !Files.exists(layout.format())
          && !Files.exists(layout.takeover())
          && Inspection.holdsEtcdLog(layout.etcdLog());
    } catch (IOException e) {
      throw DirectoryLock.unusable(layout, e);
    }
  }

  /** Whether a takeover was committed and not ended yet. Only looks, at any time. */
  public static boolean isPending(Path dataDirectory, Optional<Path> walDirectory) {
    return Files.exists(Layout.of(dataDirectory, walDirectory).takeover());
  }

  /**
   * Takes the directory's lock and clears what an earlier attempt left.
   *
   * @throws DataDirectoryException if the directory is in use or cannot be written
   */
  public static Takeover begin(Path dataDirectory, Optional<Path> walDirectory) {
    return begin(dataDirectory, walDirectory, step -> {});
  }

  /**
   * The same, for a test that ends it anywhere.
   *
   * @param beforeStep told what is about to be done
   */
  static Takeover begin(
      Path dataDirectory, Optional<Path> walDirectory, Consumer<String> beforeStep) {
    Layout layout = Layout.of(dataDirectory, walDirectory);
    FileChannel lock = null;
    try {
      new Inspection(layout).checkWritable();
      lock = DirectoryLock.take(layout);
      TakeoverFiles files = new TakeoverFiles(layout, beforeStep);
      files.checkOneDisk();
      files.clearStaging();
      DurableFiles.createFolders(layout.stagedJournal());
      DurableFiles.createFolders(layout.stagedSnapshots());
      DurableFiles.createFolders(layout.nativeLibraries());
      return new Takeover(layout, lock, files);
    } catch (IOException e) {
      DirectoryLock.release(lock, e);
      throw DirectoryLock.unusable(layout, e);
    } catch (RuntimeException e) {
      DirectoryLock.release(lock, e);
      throw e;
    }
  }

  /** Where etcd's log is. */
  public Path etcdLog() {
    return layout.etcdLog();
  }

  /** Where etcd's snapshots and database are. */
  public Path etcdSnapshots() {
    return layout.snapshots();
  }

  /** An empty folder for the new journal. */
  public Path journal() {
    return layout.stagedJournal();
  }

  /** An empty folder for the new snapshot. */
  public Path snapshots() {
    return layout.stagedSnapshots();
  }

  /** Where the journal's native library may be kept between starts; exists. */
  public Path nativeLibraries() {
    return layout.nativeLibraries();
  }

  /**
   * Makes the directory Sampo's.
   *
   * @param identity whose it is, as etcd's log says
   * @return where etcd's files are now
   * @throws DataDirectoryException if a file cannot be moved; the next start goes on with it
   */
  public Path commit(Identity identity) {
    try {
      files.commit(identity);
      return files.finish();
    } catch (IOException e) {
      throw DirectoryLock.unusable(layout, e);
    }
  }

  /** Lets go of the directory; what was made and not committed is removed. */
  @Override
  public void close() {
    try (lock) {
      if (!Files.exists(layout.takeover())) {
        files.clearStaging();
        files.clearNativeLibraries();
      }
    } catch (IOException e) {
      throw DirectoryLock.unusable(layout, e);
    }
  }

  /** Lists a folder that may be missing. */
  static Stream<Path> list(Path folder) throws IOException {
    return Files.isDirectory(folder) ? Files.list(folder) : Stream.empty();
  }
}
