package io.sampo.persistence.snapshot;

import java.util.Arrays;

/**
 * The elements of one leaf or branch page that is being filled: references only, nothing is copied.
 */
final class PageNode {
  /** bbolt counts the elements of a page in 16 bits; the last values are best avoided. */
  static final int MAX_ELEMENTS = 0xFFFE;

  private final int flags;
  private byte[][] keys = new byte[32][];
  private byte[][] values;
  private long[] children;
  private int count;
  private long bytes = BboltFormat.PAGE_HEADER_BYTES;

  private PageNode(int flags) {
    this.flags = flags;
    this.values = isLeaf() ? new byte[32][] : null;
    this.children = isLeaf() ? null : new long[32];
  }

  static PageNode leaf() {
    return new PageNode(BboltFormat.LEAF_FLAG);
  }

  static PageNode branch() {
    return new PageNode(BboltFormat.BRANCH_FLAG);
  }

  boolean isLeaf() {
    return flags == BboltFormat.LEAF_FLAG;
  }

  int flags() {
    return flags;
  }

  int count() {
    return count;
  }

  byte[] key(int position) {
    return keys[position];
  }

  byte[] value(int position) {
    return values[position];
  }

  long child(int position) {
    return children[position];
  }

  /** Pages the node takes on disk: one, and one more for every 4096 bytes beyond. */
  long pages() {
    return (bytes + BboltFormat.PAGE_BYTES - 1) / BboltFormat.PAGE_BYTES;
  }

  long bytes() {
    return bytes;
  }

  /** Whether an element would make the page longer than one page or too full to be counted. */
  boolean overflowsWith(byte[] key, int valueBytes) {
    return bytes + size(key, valueBytes) > BboltFormat.PAGE_BYTES || count >= MAX_ELEMENTS;
  }

  void addEntry(byte[] key, byte[] value) {
    add(key, value.length);
    values[count - 1] = value;
  }

  void addChild(byte[] firstKey, long page) {
    add(firstKey, 0);
    children[count - 1] = page;
  }

  void clear() {
    // Forget the references: an idle node must not keep a megabyte value alive.
    Arrays.fill(keys, 0, count, null);
    if (isLeaf()) {
      Arrays.fill(values, 0, count, null);
    }
    count = 0;
    bytes = BboltFormat.PAGE_HEADER_BYTES;
  }

  /** Takes the last child away again. */
  void removeLast() {
    count--;
    bytes -= size(keys[count], 0);
    keys[count] = null;
  }

  private void add(byte[] key, int valueBytes) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, count * 2);
      if (isLeaf()) {
        values = Arrays.copyOf(values, count * 2);
      } else {
        children = Arrays.copyOf(children, count * 2);
      }
    }
    keys[count++] = key;
    bytes += size(key, valueBytes);
  }

  private static long size(byte[] key, int valueBytes) {
    return (long) BboltFormat.ELEMENT_BYTES + key.length + valueBytes;
  }
}
