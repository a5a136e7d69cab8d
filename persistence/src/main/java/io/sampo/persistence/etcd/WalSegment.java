package io.sampo.persistence.etcd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * One file of the log, open as long as the log is: POSIX gives up a process's locks on a file when
 * any of its descriptors is closed.
 */
record WalSegment(Path path, WalName name, FileChannel channel) {
  long size() throws IOException {
    return channel.size();
  }

  /** Fills the buffer from a position on, as far as the file goes. */
  void read(ByteBuffer buffer, long from) throws IOException {
    long position = from;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, position);
      if (count < 0) {
        return;
      }
      position += count;
    }
  }
}
