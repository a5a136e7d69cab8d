package io.sampo.persistence.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The entry point of a bbolt file. Two copies stand in pages 0 and 1; the valid one with the higher
 * transaction number counts, so that a write torn by a crash leaves the other.
 */
record MetaPage(int pageBytes, long rootPage, long freelistPage, long pages, long transaction) {
  private static final int SMALLEST_PAGE_BYTES = 1024;
  private static final int LARGEST_PAGE_BYTES = 1 << 24;

  /**
   * Reads the copy that counts. The second one stands at an unknown page size if the first is
   * damaged.
   */
  static MetaPage newest(Path file, FileChannel channel) throws IOException {
    Optional<MetaPage> first = read(channel, 0, 0);
    Optional<MetaPage> second = Optional.empty();
    if (first.isPresent()) {
      second = read(channel, first.get().pageBytes, 1);
    } else {
      for (int at = SMALLEST_PAGE_BYTES; at <= LARGEST_PAGE_BYTES && second.isEmpty(); at *= 2) {
        second = read(channel, at, 1);
      }
    }
    if (first.isEmpty() && second.isEmpty()) {
      throw new SnapshotFormatException(file, "no valid bbolt meta page");
    }
    if (first.isEmpty()) {
      return second.get();
    }
    return second.filter(meta -> meta.transaction > first.get().transaction).orElseGet(first::get);
  }

  private static Optional<MetaPage> read(FileChannel channel, long at, long id) throws IOException {
    byte[] bytes = new byte[BboltFormat.PAGE_HEADER_BYTES + BboltFormat.META_BYTES];
    ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (page.hasRemaining()) {
      if (channel.read(page, at + page.position()) < 0) {
        return Optional.empty();
      }
    }
    int meta = BboltFormat.PAGE_HEADER_BYTES;
    int pageBytes = page.getInt(meta + BboltFormat.META_PAGE_SIZE_AT);
    boolean valid =
        page.getLong(0) == id
            && page.getShort(8) == BboltFormat.META_FLAG
            && page.getInt(meta) == BboltFormat.META_MAGIC
            && page.getInt(meta + 4) == BboltFormat.META_VERSION
            && page.getLong(meta + BboltFormat.META_CHECKSUM_AT)
                == BboltFormat.fnv1a(bytes, meta, BboltFormat.META_CHECKSUM_AT)
            && pageBytes >= SMALLEST_PAGE_BYTES
            && pageBytes <= LARGEST_PAGE_BYTES
            && Integer.bitCount(pageBytes) == 1
            && (id == 0 || at == pageBytes);
    return valid
        ? Optional.of(
            new MetaPage(
                pageBytes,
                page.getLong(meta + BboltFormat.META_ROOT_AT),
                page.getLong(meta + BboltFormat.META_FREELIST_AT),
                page.getLong(meta + BboltFormat.META_PAGES_AT),
                page.getLong(meta + BboltFormat.META_TRANSACTION_AT)))
        : Optional.empty();
  }
}
