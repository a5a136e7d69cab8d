package io.sampo.node.state.mvcc;

import io.sampo.node.state.mvcc.TreeNode.Branch;
import io.sampo.node.state.mvcc.TreeNode.Leaf;
import io.sampo.protocol.key.KeyRange;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The ordered tree from key to history: an immutable B-tree that shares its nodes with its
 * predecessors. It counts the keys that exist at the newest revision in every subtree, so counting
 * a range costs the depth of the tree.
 */
final class KeyTree {
  static final KeyTree EMPTY = new KeyTree(new Leaf(null));

  private final TreeNode root;

  KeyTree(TreeNode root) {
    this.root = root;
  }

  TreeNode root() {
    return root;
  }

  /** The history of the key, or null. */
  KeyHistory get(byte[] key) {
    return get(root, key);
  }

  static KeyHistory get(TreeNode root, byte[] key) {
    TreeNode node = root;
    while (node instanceof Branch branch) {
      node = branch.children[branch.childOf(key)];
    }
    Leaf leaf = (Leaf) node;
    int position = leaf.find(key);
    return position < 0 ? null : leaf.histories[position];
  }

  /** How many keys of the range exist at the newest revision. */
  long countLive(KeyRange range) {
    if (range.isEmpty()) {
      return 0;
    }
    long below = liveBelow(range.start());
    return (range.end() == null ? root.live : liveBelow(range.end())) - below;
  }

  private long liveBelow(byte[] key) {
    long below = 0;
    TreeNode node = root;
    while (node instanceof Branch branch) {
      int child = branch.childOf(key);
      for (int i = 0; i < child; i++) {
        below += branch.children[i].live;
      }
      node = branch.children[child];
    }
    Leaf leaf = (Leaf) node;
    int end = leaf.ceiling(key);
    for (int i = 0; i < end; i++) {
      below += leaf.histories[i].isLive() ? 1 : 0;
    }
    return below;
  }

  /**
   * Shows the histories of the range in key order until the visitor answers false.
   *
   * @return whether all were shown
   */
  boolean scan(KeyRange range, Predicate<KeyHistory> visitor) {
    return range.isEmpty() || scan(root, range.start(), range.end(), visitor);
  }

  /** Shows every history, in key order. */
  void forEach(Consumer<KeyHistory> visitor) {
    forEachWhile(
        history -> {
          visitor.accept(history);
          return true;
        });
  }

  /** Shows every history in key order until the visitor answers false. */
  void forEachWhile(Predicate<KeyHistory> visitor) {
    scan(root, null, null, visitor);
  }

  /** A null start means: from the first key below the node; a null end: to its last. */
  private static boolean scan(
      TreeNode node, byte[] start, byte[] end, Predicate<KeyHistory> visitor) {
    if (node instanceof Branch branch) {
      int first = start == null ? 0 : branch.childOf(start);
      int last = end == null ? branch.size - 1 : branch.childOf(end);
      for (int i = first; i <= last; i++) {
        if (!scan(branch.children[i], i == first ? start : null, i == last ? end : null, visitor)) {
          return false;
        }
      }
      return true;
    }
    Leaf leaf = (Leaf) node;
    int position = start == null ? 0 : leaf.ceiling(start);
    int limit = end == null ? leaf.size : leaf.ceiling(end);
    for (; position < limit; position++) {
      if (!visitor.test(leaf.histories[position])) {
        return false;
      }
    }
    return true;
  }
}
