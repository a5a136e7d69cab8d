package io.sampo.node.state.lease;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A persistent set of keys in unsigned byte order (an AVL tree with path copying): the keys of a
 * lease, of which there may be one or a million.
 */
public final class KeySet {
  /** The set without a key. */
  public static final KeySet EMPTY = new KeySet(null, 0);

  private final Node root;
  private final int size;

  private KeySet(Node root, int size) {
    this.root = root;
    this.size = size;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public boolean contains(byte[] key) {
    Node here = root;
    while (here != null) {
      int order = Arrays.compareUnsigned(key, here.key);
      if (order == 0) {
        return true;
      }
      here = order < 0 ? here.left : here.right;
    }
    return false;
  }

  /** This set and the key, which must not be written to afterwards. */
  public KeySet with(byte[] key) {
    return contains(key) ? this : new KeySet(insert(root, key), size + 1);
  }

  /** This set without the key. */
  public KeySet without(byte[] key) {
    return contains(key) ? new KeySet(remove(root, key), size - 1) : this;
  }

  /** The keys in order; the arrays are not to be written to. */
  public List<byte[]> toList() {
    List<byte[]> keys = new ArrayList<>(size);
    forEach(keys::add);
    return keys;
  }

  /** The first key that is not before that one, or null; not to be written to. */
  public byte[] ceiling(byte[] key) {
    Node here = root;
    byte[] found = null;
    while (here != null) {
      int order = Arrays.compareUnsigned(key, here.key);
      if (order == 0) {
        return here.key;
      }
      if (order < 0) {
        found = here.key;
        here = here.left;
      } else {
        here = here.right;
      }
    }
    return found;
  }

  /** Shows every key, in order; the arrays are not to be written to. */
  public void forEach(Consumer<byte[]> action) {
    forEach(root, action);
  }

  private static void forEach(Node node, Consumer<byte[]> action) {
    if (node != null) {
      forEach(node.left, action);
      action.accept(node.key);
      forEach(node.right, action);
    }
  }

  private static Node insert(Node node, byte[] key) {
    if (node == null) {
      return new Node(key, null, null);
    }
    return Arrays.compareUnsigned(key, node.key) < 0
        ? balanced(node.key, insert(node.left, key), node.right)
        : balanced(node.key, node.left, insert(node.right, key));
  }

  private static Node remove(Node node, byte[] key) {
    int order = Arrays.compareUnsigned(key, node.key);
    if (order < 0) {
      return balanced(node.key, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node.key, node.left, remove(node.right, key));
    }
    if (node.left == null) {
      return node.right;
    }
    if (node.right == null) {
      return node.left;
    }
    Node next = node.right;
    while (next.left != null) {
      next = next.left;
    }
    return balanced(next.key, node.left, remove(node.right, next.key));
  }

  private static Node balanced(byte[] key, Node left, Node right) {
    int lean = height(left) - height(right);
    if (lean > 1) {
      if (height(left.left) >= height(left.right)) {
        return new Node(left.key, left.left, new Node(key, left.right, right));
      }
      Node middle = left.right;
      return new Node(
          middle.key,
          new Node(left.key, left.left, middle.left),
          new Node(key, middle.right, right));
    }
    if (lean < -1) {
      if (height(right.right) >= height(right.left)) {
        return new Node(right.key, new Node(key, left, right.left), right.right);
      }
      Node middle = right.left;
      return new Node(
          middle.key,
          new Node(key, left, middle.left),
          new Node(right.key, middle.right, right.right));
    }
    return new Node(key, left, right);
  }

  private static int height(Node node) {
    return node == null ? 0 : node.height;
  }

  private static final class Node {
    private final byte[] key;
    private final Node left;
    private final Node right;
    private final int height;

    private Node(byte[] key, Node left, Node right) {
      this.key = key;
      this.left = left;
      this.right = right;
      this.height = Math.max(KeySet.height(left), KeySet.height(right)) + 1;
    }
  }
}
