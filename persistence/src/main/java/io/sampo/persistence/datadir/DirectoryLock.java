package io.sampo.persistence.datadir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;

/** One process at a time has a data directory. */
final class DirectoryLock {
  private DirectoryLock() {}

  /** The folder is made where it is missing; closing the channel gives the lock back. */
  static FileChannel take(Layout layout) throws IOException {
    DurableFiles.createFolders(layout.member());
    FileChannel channel =
        FileChannel.open(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null; // Held by this very process.
    } catch (IOException e) {
      release(channel, e);
      throw e;
    }
    if (lock == null) {
      channel.close();
      throw new DataDirectoryException(
          "the data directory " + layout.root() + " is in use by another process");
    }
    return channel;
  }

  static void release(FileChannel channel, Exception failure) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }

  static DataDirectoryException unusable(Layout layout, IOException failure) {
    String path =
        failure instanceof java.nio.file.FileSystemException named && named.getFile() != null
            ? named.getFile() + ": "
            : "";
    return new DataDirectoryException(
        "cannot use the data directory "
            + layout.root()
            + ": "
            + path
            + DurableFiles.reason(failure),
        failure);
  }
}
