package io.sampo.persistence.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The pages of a bbolt file, mapped in windows because one mapping ends at 2 GiB. Every page is
 * checked before it is given out.
 */
final class PageFile implements AutoCloseable {
  private static final int WINDOW_SHIFT = 30;
  private static final long WINDOW_BYTES = 1L << WINDOW_SHIFT;

  private final Path path;
  private final FileChannel channel;
  private final MetaPage meta;
  private final MappedByteBuffer[] windows;

  private PageFile(Path path, FileChannel channel, MetaPage meta) {
    this.path = path;
    this.channel = channel;
    this.meta = meta;
    this.windows =
        new MappedByteBuffer[Math.toIntExact((usedBytes() + WINDOW_BYTES - 1) >> WINDOW_SHIFT)];
  }

  static PageFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      MetaPage meta = MetaPage.newest(path, channel);
      long fitting = channel.size() / meta.pageBytes();
      if (meta.pages() < 3 || meta.pages() > Math.min(fitting, Integer.MAX_VALUE)) {
        throw new SnapshotFormatException(
            path,
            "claims "
                + Long.toUnsignedString(meta.pages())
                + " pages of "
                + meta.pageBytes()
                + " bytes but is "
                + channel.size()
                + " bytes long");
      }
      return new PageFile(path, channel, meta);
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  Path path() {
    return path;
  }

  MetaPage meta() {
    return meta;
  }

  /** The page and its overflow: position 0 to limit of a little endian buffer. */
  ByteBuffer page(long id) throws IOException {
    if (id < 2 || id >= meta.pages()) {
      throw new SnapshotFormatException(
          path, "a link leads to page " + Long.toUnsignedString(id) + " of " + meta.pages());
    }
    long at = id * meta.pageBytes();
    ByteBuffer header = slice(at, meta.pageBytes());
    if (header.getLong(0) != id) {
      throw new SnapshotFormatException(
          path, "page " + id + " calls itself " + Long.toUnsignedString(header.getLong(0)));
    }
    long pages = 1 + Integer.toUnsignedLong(header.getInt(12));
    long length = pages * meta.pageBytes();
    if (id + pages > meta.pages() || length > Integer.MAX_VALUE) {
      throw new SnapshotFormatException(
          path, "page " + id + " claims " + pages + " pages of " + meta.pages());
    }
    return pages == 1 ? header : slice(at, (int) length);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private ByteBuffer slice(long at, int length) throws IOException {
    int window = (int) (at >> WINDOW_SHIFT);
    int offset = (int) (at & (WINDOW_BYTES - 1));
    if (offset + (long) length > WINDOW_BYTES) {
      // A large value across two windows: rare enough for a mapping of its own.
      return channel.map(FileChannel.MapMode.READ_ONLY, at, length).order(ByteOrder.LITTLE_ENDIAN);
    }
    if (windows[window] == null) {
      long start = (long) window << WINDOW_SHIFT;
      long bytes = Math.min(WINDOW_BYTES, usedBytes() - start);
      windows[window] = channel.map(FileChannel.MapMode.READ_ONLY, start, bytes);
    }
    return windows[window].slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private long usedBytes() {
    return meta.pages() * meta.pageBytes();
  }
}
