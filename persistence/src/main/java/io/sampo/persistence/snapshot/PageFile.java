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
  /** Windows of 1 GiB. */
  static final int WINDOW_SHIFT = 30;

  private final Path path;
  private final FileChannel channel;
  private final MetaPage meta;
  private final int windowShift;
  private final long windowBytes;
  private final MappedByteBuffer[] windows;

  private PageFile(Path path, FileChannel channel, MetaPage meta, int windowShift) {
    this.path = path;
    this.channel = channel;
    this.meta = meta;
    this.windowShift = windowShift;
    this.windowBytes = 1L << windowShift;
    this.windows =
        new MappedByteBuffer[Math.toIntExact((usedBytes() + windowBytes - 1) >> windowShift)];
  }

  /**
   * Opens with windows of two to the power of {@code windowShift} bytes, at least as large as a
   * page.
   */
  static PageFile open(Path path, int windowShift) throws IOException {
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
      return new PageFile(path, channel, meta, windowShift);
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
    int window = (int) (at >> windowShift);
    int offset = (int) (at & (windowBytes - 1));
    if (offset + (long) length > windowBytes) {
      // A large value across two windows: rare enough for a mapping of its own.
      return channel.map(FileChannel.MapMode.READ_ONLY, at, length).order(ByteOrder.LITTLE_ENDIAN);
    }
    if (windows[window] == null) {
      long start = (long) window << windowShift;
      long bytes = Math.min(windowBytes, usedBytes() - start);
      windows[window] = channel.map(FileChannel.MapMode.READ_ONLY, start, bytes);
    }
    return windows[window].slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private long usedBytes() {
    return meta.pages() * meta.pageBytes();
  }
}
