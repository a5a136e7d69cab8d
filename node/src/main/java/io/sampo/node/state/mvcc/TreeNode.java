package io.sampo.node.state.mvcc;

import java.util.Arrays;

/**
 * A node of the ordered tree of keys. Once published it never changes; while its owner token is the
 * one of the edit under way nobody else can see it, and it may be written in place.
 */
abstract sealed class TreeNode {
  /** How many slots a node has. */
  static final int WIDTH = 64;

  /** Below this a node looks for a neighbour to join. */
  static final int SPARSE = WIDTH / 4;

  /** The edit that may write in place, or null for a node nobody may write. */
  final Object owner;

  int size;

  /** How many keys below exist at the newest revision. */
  int live;

  TreeNode(Object owner) {
    this.owner = owner;
  }

  /** The lowest key below this node, as a version that has it. */
  abstract KeyVersion first();

  /** This node if the edit may write it, else a copy that it may write. */
  abstract TreeNode writable(Object edit);

  static final class Leaf extends TreeNode {
    final KeyHistory[] histories = new KeyHistory[WIDTH];
    private final KeyMarks marks = new KeyMarks();

    Leaf(Object owner) {
      super(owner);
    }

    /** Where the key is, or −(where it would be) − 1. */
    int find(byte[] key) {
      return marks.find(key, histories, size);
    }

    /** The first position whose key is not below the given one. */
    int ceiling(byte[] key) {
      int found = find(key);
      return found >= 0 ? found : -found - 1;
    }

    @Override
    KeyVersion first() {
      return histories[0].newest();
    }

    @Override
    Leaf writable(Object edit) {
      if (owner == edit) {
        return this;
      }
      Leaf copy = new Leaf(edit);
      System.arraycopy(histories, 0, copy.histories, 0, size);
      marks.copyTo(copy.marks, size);
      copy.size = size;
      copy.live = live;
      return copy;
    }

    void insert(int position, KeyHistory history) {
      System.arraycopy(histories, position, histories, position + 1, size - position);
      histories[position] = history;
      size++;
      live += history.isLive() ? 1 : 0;
      marks.inserted(position, histories, size);
    }

    void replace(int position, KeyHistory history) {
      live += (history.isLive() ? 1 : 0) - (histories[position].isLive() ? 1 : 0);
      histories[position] = history;
    }

    void remove(int position) {
      live -= histories[position].isLive() ? 1 : 0;
      System.arraycopy(histories, position + 1, histories, position, size - position - 1);
      histories[--size] = null;
      marks.removed(position, size);
    }

    /** Moves everything from the position on into a new leaf, which is returned. */
    Leaf splitAt(int position) {
      Leaf right = new Leaf(owner);
      right.size = size - position;
      System.arraycopy(histories, position, right.histories, 0, right.size);
      Arrays.fill(histories, position, size, null);
      size = position;
      for (int i = 0; i < right.size; i++) {
        right.live += right.histories[i].isLive() ? 1 : 0;
      }
      live -= right.live;
      marks.renewed(histories, size);
      right.marks.renewed(right.histories, right.size);
      return right;
    }

    void append(Leaf right) {
      System.arraycopy(right.histories, 0, histories, size, right.size);
      size += right.size;
      live += right.live;
      marks.renewed(histories, size);
    }
  }

  static final class Branch extends TreeNode {
    final TreeNode[] children = new TreeNode[WIDTH];

    /** {@code bounds[i]} is at or below every key of child i and above all before it; 0 unused. */
    final byte[][] bounds = new byte[WIDTH][];

    Branch(Object owner) {
      super(owner);
    }

    /** The child whose keys the given one would be among. */
    int childOf(byte[] key) {
      int low = 1;
      int high = size - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        if (Arrays.compareUnsigned(bounds[middle], key) <= 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return high;
    }

    @Override
    KeyVersion first() {
      return children[0].first();
    }

    @Override
    Branch writable(Object edit) {
      if (owner == edit) {
        return this;
      }
      Branch copy = new Branch(edit);
      System.arraycopy(children, 0, copy.children, 0, size);
      System.arraycopy(bounds, 0, copy.bounds, 0, size);
      copy.size = size;
      copy.live = live;
      return copy;
    }

    void insert(int position, byte[] bound, TreeNode child) {
      System.arraycopy(children, position, children, position + 1, size - position);
      System.arraycopy(bounds, position, bounds, position + 1, size - position);
      children[position] = child;
      bounds[position] = bound;
      size++;
    }

    void remove(int position) {
      System.arraycopy(children, position + 1, children, position, size - position - 1);
      System.arraycopy(bounds, position + 1, bounds, position, size - position - 1);
      size--;
      children[size] = null;
      bounds[size] = null;
    }

    /** Moves everything from the position on into a new branch; both are to be counted again. */
    Branch splitAt(int position) {
      Branch right = new Branch(owner);
      right.size = size - position;
      System.arraycopy(children, position, right.children, 0, right.size);
      System.arraycopy(bounds, position, right.bounds, 0, right.size);
      Arrays.fill(children, position, size, null);
      Arrays.fill(bounds, position, size, null);
      size = position;
      return right;
    }

    void append(byte[] bound, Branch right) {
      System.arraycopy(right.children, 0, children, size, right.size);
      System.arraycopy(right.bounds, 0, bounds, size, right.size);
      bounds[size] = bound;
      size += right.size;
      live += right.live;
    }

    void countAgain() {
      live = 0;
      for (int i = 0; i < size; i++) {
        live += children[i].live;
      }
    }
  }
}
