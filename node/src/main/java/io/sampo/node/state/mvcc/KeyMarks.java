package io.sampo.node.state.mvcc;

/**
 * Four bytes of every key of a leaf, side by side: the first that follow what all of them begin
 * with. They narrow a search down to the keys that share them, mostly one, so that it does not have
 * to follow the pointers of every key it passes: those are the cache misses of a put.
 */
final class KeyMarks {
  private final int[] marks = new int[TreeNode.WIDTH];

  /** How many bytes all keys have in common; may be less than they really have. */
  private int prefix;

  void copyTo(KeyMarks copy, int size) {
    System.arraycopy(marks, 0, copy.marks, 0, size);
    copy.prefix = prefix;
  }

  /**
   * Where the key is among so many sorted histories, or −(where it would be) − 1. An empty leaf has
   * it at −1.
   */
  int find(byte[] key, KeyHistory[] histories, int size) {
    if (size == 0) {
      return -1;
    }
    int order = histories[0].newest().comparePrefix(key, prefix);
    if (order != 0) {
      return order > 0 ? -1 : -size - 1;
    }
    int mark = mark(key, prefix);
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = Integer.compareUnsigned(marks[middle], mark);
      if (found == 0) {
        found = histories[middle].newest().compareKey(key);
      }
      if (found == 0) {
        return middle;
      }
      if (found < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  /** The history has been inserted there; so many are in the leaf now. */
  void inserted(int position, KeyHistory[] histories, int size) {
    KeyVersion added = histories[position].newest();
    int common =
        size == 1
            ? added.keyBytes().size()
            : added.commonPrefix(histories[position == 0 ? 1 : 0].newest(), prefix);
    if (size == 1 || common < prefix) {
      prefix = common;
      markAll(histories, size);
      return;
    }
    System.arraycopy(marks, position, marks, position + 1, size - 1 - position);
    marks[position] = mark(added, prefix);
  }

  /** What was there has been removed; so many are left. */
  void removed(int position, int size) {
    System.arraycopy(marks, position + 1, marks, position, size - position);
  }

  /** Other histories are in the leaf now, still in order. */
  void renewed(KeyHistory[] histories, int size) {
    if (size > 0) {
      KeyVersion first = histories[0].newest();
      prefix = first.commonPrefix(histories[size - 1].newest(), Integer.MAX_VALUE);
      markAll(histories, size);
    }
  }

  private void markAll(KeyHistory[] histories, int size) {
    for (int i = 0; i < size; i++) {
      marks[i] = mark(histories[i].newest(), prefix);
    }
  }

  private static int mark(KeyVersion version, int position) {
    return (int) (version.keyBytesFrom(position) >>> Integer.SIZE);
  }

  private static int mark(byte[] key, int position) {
    int mark = 0;
    for (int i = position; i < position + Integer.BYTES; i++) {
      mark = mark << 8 | (i < key.length ? key[i] & 0xFF : 0);
    }
    return mark;
  }
}
