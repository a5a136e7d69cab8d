package io.sampo.persistence.snapshot;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Encodes pages one behind the other into a buffer that is drained from the front. */
final class PageEncoder implements PageSink {
  private final CRC32C crc = new CRC32C();
  private byte[] buffer = new byte[1 << 17];
  private int start;
  private int end;
  private long nextPage;

  @Override
  public long write(PageNode node, int elementFlags) {
    long id = nextPage;
    int at = append(node.flags(), node.count(), node.pages());
    int element = at + BboltFormat.PAGE_HEADER_BYTES;
    int data = element + node.count() * BboltFormat.ELEMENT_BYTES;
    for (int i = 0; i < node.count(); i++, element += BboltFormat.ELEMENT_BYTES) {
      byte[] key = node.key(i);
      if (node.isLeaf()) {
        byte[] value = node.value(i);
        BboltFormat.putInt(buffer, element, elementFlags);
        BboltFormat.putInt(buffer, element + 4, data - element);
        BboltFormat.putInt(buffer, element + 8, key.length);
        BboltFormat.putInt(buffer, element + 12, value.length);
        System.arraycopy(value, 0, buffer, data + key.length, value.length);
        System.arraycopy(key, 0, buffer, data, key.length);
        data += key.length + value.length;
      } else {
        BboltFormat.putInt(buffer, element, data - element);
        BboltFormat.putInt(buffer, element + 4, key.length);
        BboltFormat.putLong(buffer, element + 8, node.child(i));
        System.arraycopy(key, 0, buffer, data, key.length);
        data += key.length;
      }
    }
    crc.update(buffer, at, end - at);
    return id;
  }

  /** Both meta pages; the even transaction, the newer one, belongs on page 0. */
  void writeMetaPages(BboltLayout layout) {
    for (long transaction = 2; transaction >= 1; transaction--) {
      int page = append(BboltFormat.META_FLAG, 0, 1);
      int meta = page + BboltFormat.PAGE_HEADER_BYTES;
      BboltFormat.putInt(buffer, meta, BboltFormat.META_MAGIC);
      BboltFormat.putInt(buffer, meta + 4, BboltFormat.META_VERSION);
      BboltFormat.putInt(buffer, meta + BboltFormat.META_PAGE_SIZE_AT, BboltFormat.PAGE_BYTES);
      BboltFormat.putLong(buffer, meta + BboltFormat.META_ROOT_AT, layout.rootPage());
      BboltFormat.putLong(buffer, meta + BboltFormat.META_FREELIST_AT, layout.freelistPage());
      BboltFormat.putLong(buffer, meta + BboltFormat.META_PAGES_AT, layout.pages());
      BboltFormat.putLong(buffer, meta + BboltFormat.META_TRANSACTION_AT, transaction);
      long checksum = BboltFormat.fnv1a(buffer, meta, BboltFormat.META_CHECKSUM_AT);
      BboltFormat.putLong(buffer, meta + BboltFormat.META_CHECKSUM_AT, checksum);
      crc.update(buffer, page, BboltFormat.PAGE_BYTES);
    }
  }

  /** The empty freelist, last page of the file, sealed with the CRC32C of everything before it. */
  void writeFreelist() {
    int page = append(BboltFormat.FREELIST_FLAG, 0, 1);
    Seal.put(buffer, page, crc.getValue());
  }

  long nextPage() {
    return nextPage;
  }

  int available() {
    return end - start;
  }

  /** The bytes waiting, as a window that is valid until the next write. */
  ByteBuffer drain() {
    ByteBuffer window = ByteBuffer.wrap(buffer, start, end - start);
    start = 0;
    end = 0;
    return window;
  }

  /** Takes up to {@code maxBytes} from the front. */
  byte[] take(int maxBytes) {
    int length = Math.min(maxBytes, available());
    byte[] chunk = Arrays.copyOfRange(buffer, start, start + length);
    start += length;
    return chunk;
  }

  private int append(int flags, int count, long pages) {
    int length = Math.toIntExact(pages * BboltFormat.PAGE_BYTES);
    reserve(length);
    int at = end;
    end += length;
    Arrays.fill(buffer, at, end, (byte) 0);
    BboltFormat.putPageHeader(buffer, at, nextPage, flags, count, (int) pages - 1);
    nextPage += pages;
    return at;
  }

  private void reserve(int length) {
    if (end + (long) length <= buffer.length) {
      return;
    }
    int waiting = available();
    long needed = waiting + (long) length;
    byte[] target = needed > buffer.length ? new byte[Math.toIntExact(needed * 5 / 4)] : buffer;
    System.arraycopy(buffer, start, target, 0, waiting);
    buffer = target;
    start = 0;
    end = waiting;
  }
}
