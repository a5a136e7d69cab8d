package io.sampo.node.watch.range;

import java.util.function.Consumer;

/**
 * Intervals of keys, each with a value, that answers which of them contain a key: a treap ordered
 * by start whose nodes know the latest end below them. Insert and remove cost O(log n), a question
 * O(log n) and its answers.
 */
final class IntervalTree<V> {
  private Node<V> root;
  private long inserted;

  private static final class Node<V> {
    final WatchedRange range;
    final long priority;
    V value;
    byte[] latestEnd;
    Node<V> left;
    Node<V> right;

    Node(WatchedRange range, V value, long priority) {
      this.range = range;
      this.value = value;
      this.priority = priority;
      this.latestEnd = range.end();
    }

    Node<V> updated() {
      byte[] end = range.end();
      if (left != null) {
        end = WatchedRange.laterEnd(end, left.latestEnd);
      }
      if (right != null) {
        end = WatchedRange.laterEnd(end, right.latestEnd);
      }
      latestEnd = end;
      return this;
    }
  }

  /** The value of exactly this interval, or null. */
  V get(WatchedRange range) {
    Node<V> node = root;
    while (node != null) {
      int order = range.compareTo(node.range);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  /** Adds the interval, or replaces its value. */
  void put(WatchedRange range, V value) {
    root = insert(root, new Node<>(range, value, scatter(++inserted)));
  }

  void remove(WatchedRange range) {
    root = remove(root, range);
  }

  /** Gives the value of every interval that contains the key, in the order of the intervals. */
  void stab(byte[] key, Consumer<? super V> found) {
    stab(root, key, found);
  }

  void forEach(Consumer<? super V> each) {
    forEach(root, each);
  }

  boolean isEmpty() {
    return root == null;
  }

  private static <V> Node<V> insert(Node<V> node, Node<V> fresh) {
    if (node == null) {
      return fresh;
    }
    int order = fresh.range.compareTo(node.range);
    if (order == 0) {
      node.value = fresh.value;
      return node;
    }
    if (order < 0) {
      node.left = insert(node.left, fresh);
      return node.left.priority > node.priority ? rotateRight(node) : node.updated();
    }
    node.right = insert(node.right, fresh);
    return node.right.priority > node.priority ? rotateLeft(node) : node.updated();
  }

  private static <V> Node<V> remove(Node<V> node, WatchedRange range) {
    if (node == null) {
      return null;
    }
    int order = range.compareTo(node.range);
    if (order == 0) {
      return merge(node.left, node.right);
    }
    if (order < 0) {
      node.left = remove(node.left, range);
    } else {
      node.right = remove(node.right, range);
    }
    return node.updated();
  }

  private static <V> Node<V> merge(Node<V> left, Node<V> right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    if (left.priority > right.priority) {
      left.right = merge(left.right, right);
      return left.updated();
    }
    right.left = merge(left, right.left);
    return right.updated();
  }

  private static <V> Node<V> rotateRight(Node<V> node) {
    Node<V> up = node.left;
    node.left = up.right;
    up.right = node.updated();
    return up.updated();
  }

  private static <V> Node<V> rotateLeft(Node<V> node) {
    Node<V> up = node.right;
    node.right = up.left;
    up.left = node.updated();
    return up.updated();
  }

  private static <V> void stab(Node<V> node, byte[] key, Consumer<? super V> found) {
    if (node == null || !WatchedRange.endIsBehind(node.latestEnd, key)) {
      return;
    }
    stab(node.left, key, found);
    if (java.util.Arrays.compareUnsigned(node.range.start(), key) <= 0) {
      if (WatchedRange.endIsBehind(node.range.end(), key)) {
        found.accept(node.value);
      }
      stab(node.right, key, found);
    }
  }

  private static <V> void forEach(Node<V> node, Consumer<? super V> each) {
    if (node != null) {
      forEach(node.left, each);
      each.accept(node.value);
      forEach(node.right, each);
    }
  }

  /** Spreads a counter over all longs (SplitMix64): a balanced tree that is the same every time. */
  private static long scatter(long counter) {
    long z = counter * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
