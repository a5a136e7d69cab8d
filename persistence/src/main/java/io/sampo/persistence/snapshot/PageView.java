package io.sampo.persistence.snapshot;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A leaf or branch page (overflow included) whose header and element table have been checked: every
 * element lies within the page, behind the table, and together they are not longer than it.
 */
final class PageView {
  private final ByteBuffer bytes;
  private final boolean leaf;
  private final int count;

  private PageView(ByteBuffer bytes, boolean leaf, int count) {
    this.bytes = bytes;
    this.leaf = leaf;
    this.count = count;
  }

  /**
   * Checks a page whose first byte is at position 0 of little endian {@code bytes} and whose last
   * is at its limit.
   */
  static PageView of(Path file, long id, ByteBuffer bytes) throws SnapshotFormatException {
    int flags = Short.toUnsignedInt(bytes.getShort(8));
    if (flags != BboltFormat.LEAF_FLAG && flags != BboltFormat.BRANCH_FLAG) {
      throw new SnapshotFormatException(
          file, "page " + id + " is neither leaf nor branch (flags " + flags + ")");
    }
    int count = Short.toUnsignedInt(bytes.getShort(10));
    PageView page = new PageView(bytes, flags == BboltFormat.LEAF_FLAG, count);
    if (!page.leaf && count == 0) {
      throw new SnapshotFormatException(file, "branch page " + id + " has no children");
    }
    long used = page.tableEnd();
    for (int i = 0; i < count && used <= bytes.limit(); i++) {
      long start = page.dataAt(i);
      long length = page.keyBytes(i) + page.valueBytes(i);
      if (start < page.tableEnd() || start + length > bytes.limit()) {
        throw new SnapshotFormatException(
            file, "page " + id + ": element " + i + " lies outside the page");
      }
      if (page.keyBytes(i) == 0 || page.keyBytes(i) > BboltFormat.MAX_KEY_BYTES) {
        throw new SnapshotFormatException(
            file, "page " + id + ": element " + i + " has a key of " + page.keyBytes(i) + " bytes");
      }
      used += length;
    }
    if (used > bytes.limit()) {
      throw new SnapshotFormatException(
          file, "page " + id + ": its " + count + " elements do not fit in it");
    }
    return page;
  }

  boolean isLeaf() {
    return leaf;
  }

  int count() {
    return count;
  }

  byte[] key(int position) {
    return copy(dataAt(position), keyBytes(position));
  }

  byte[] value(int position) {
    return copy(dataAt(position) + keyBytes(position), valueBytes(position));
  }

  /** Whether the value of a leaf element is a bucket. */
  boolean isBucket(int position) {
    return (bytes.getInt(element(position)) & BboltFormat.BUCKET_ELEMENT_FLAG) != 0;
  }

  long child(int position) {
    return bytes.getLong(element(position) + 8);
  }

  private int tableEnd() {
    return element(count);
  }

  private static int element(int position) {
    return BboltFormat.PAGE_HEADER_BYTES + position * BboltFormat.ELEMENT_BYTES;
  }

  private long dataAt(int position) {
    int element = element(position);
    return element + Integer.toUnsignedLong(bytes.getInt(leaf ? element + 4 : element));
  }

  private long keyBytes(int position) {
    int element = element(position);
    return Integer.toUnsignedLong(bytes.getInt(leaf ? element + 8 : element + 4));
  }

  private long valueBytes(int position) {
    return leaf ? Integer.toUnsignedLong(bytes.getInt(element(position) + 12)) : 0;
  }

  private byte[] copy(long at, long length) {
    byte[] copy = new byte[(int) length];
    bytes.get((int) at, copy);
    return copy;
  }
}
