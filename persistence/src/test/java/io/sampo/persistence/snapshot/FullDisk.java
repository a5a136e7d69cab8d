package io.sampo.persistence.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A disk that runs out of space after some bytes, at the fsync (delayed allocation), or says so
 * beforehand.
 */
record FullDisk(long capacityBytes, boolean failsAtFsync, long usableBytes)
    implements SnapshotDisk {
  static FullDisk after(long bytes) {
    return new FullDisk(bytes, false, Long.MAX_VALUE);
  }

  static FullDisk atFsync() {
    return new FullDisk(Long.MAX_VALUE, true, Long.MAX_VALUE);
  }

  static FullDisk withUsableBytes(long bytes) {
    return new FullDisk(Long.MAX_VALUE, false, bytes);
  }

  @Override
  public Output create(Path file) throws IOException {
    Output output = SnapshotDisk.real().create(file);
    return new Output() {
      private long written;

      @Override
      public int write(ByteBuffer bytes) throws IOException {
        written += bytes.remaining();
        if (written > capacityBytes) {
          throw new IOException("No space left on device");
        }
        return output.write(bytes);
      }

      @Override
      public void force() throws IOException {
        if (failsAtFsync) {
          throw new IOException("No space left on device");
        }
        output.force();
      }

      @Override
      public boolean isOpen() {
        return output.isOpen();
      }

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }

  @Override
  public long usableBytes(Path directory) {
    return usableBytes;
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    SnapshotDisk.real().forceDirectory(directory);
  }
}
