package io.sampo.persistence.snapshot;

import io.sampo.persistence.disk.DiskSpace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the store does with a disk that can fail half way; given, so that a test can fill it up. */
public interface SnapshotDisk {
  /** A new file for writing. */
  Output create(Path file) throws IOException;

  /** Bytes that can still be written to the file system of the directory. */
  long usableBytes(Path directory) throws IOException;

  /** Makes the names in a directory durable. */
  void forceDirectory(Path directory) throws IOException;

  /** A file being written. */
  interface Output extends WritableByteChannel {
    /** Makes all bytes written so far durable. */
    void force() throws IOException;
  }

  /** The operating system's. */
  static SnapshotDisk real() {
    return new SnapshotDisk() {
      @Override
      public Output create(Path file) throws IOException {
        return new FileOutput(
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
      }

      @Override
      public long usableBytes(Path directory) throws IOException {
        return DiskSpace.usableBytes(directory);
      }

      @Override
      public void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
        }
      }
    };
  }
}
