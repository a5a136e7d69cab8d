package io.sampo.node.state.mvcc;

import io.sampo.node.state.mvcc.TreeNode.Branch;
import io.sampo.node.state.mvcc.TreeNode.Leaf;

/**
 * The single writer of the tree. Between two calls of {@link #freeze} it copies every node at most
 * once and then writes its copy in place.
 */
final class KeyTreeEditor {
  private TreeNode root;
  private Object edit = new Object();
  private TreeNode splitOff;
  private int liveChange;

  /** The last key that was looked up since the last write, and what was found. */
  private byte[] lookedUp;

  private KeyHistory found;
  private long versionsCompacted;

  KeyTreeEditor(KeyTree tree) {
    this.root = tree.root();
  }

  /** The history of the key, or null. Whoever asks twice with the same array pays once. */
  KeyHistory get(byte[] key) {
    if (key != lookedUp) {
      found = KeyTree.get(root, key);
      lookedUp = key;
    }
    return found;
  }

  /** The tree as it is now; what is written later does not touch it. */
  KeyTree freeze() {
    edit = new Object();
    return new KeyTree(root);
  }

  /** The tree as it is now, for a read before the next write only. */
  KeyTree peek() {
    return new KeyTree(root);
  }

  /** Adds a version to the history of its key. */
  void push(byte[] key, KeyVersion version) {
    splitOff = null;
    lookedUp = null;
    found = null;
    root = push(root, key, version);
    if (splitOff != null) {
      Branch above = new Branch(edit);
      above.insert(0, null, root);
      above.insert(1, splitOff.first().key(), splitOff);
      above.countAgain();
      root = above;
    }
  }

  /** Leaves what a split moved to the right in {@link #splitOff}. */
  private TreeNode push(TreeNode node, byte[] key, KeyVersion version) {
    if (node instanceof Leaf leaf) {
      return push(leaf.writable(edit), key, version);
    }
    Branch branch = ((Branch) node).writable(edit);
    int child = branch.childOf(key);
    branch.children[child] = push(branch.children[child], key, version);
    TreeNode right = splitOff;
    splitOff = null;
    branch.live += liveChange;
    if (right != null) {
      insert(branch, child + 1, right);
    }
    return branch;
  }

  private Leaf push(Leaf leaf, byte[] key, KeyVersion version) {
    int position = leaf.find(key);
    if (position >= 0) {
      int liveBefore = leaf.live;
      leaf.replace(position, KeyHistory.push(version, leaf.histories[position]));
      liveChange = leaf.live - liveBefore;
      return leaf;
    }
    int place = -position - 1;
    KeyHistory history = KeyHistory.push(version, null);
    liveChange = history.isLive() ? 1 : 0;
    if (leaf.size < TreeNode.WIDTH) {
      leaf.insert(place, history);
      return leaf;
    }
    Leaf right = leaf.splitAt(splitPoint(place));
    if (place > leaf.size || right.size == 0) {
      right.insert(place - leaf.size, history);
    } else {
      leaf.insert(place, history);
    }
    splitOff = right;
    return leaf;
  }

  private void insert(Branch branch, int place, TreeNode child) {
    byte[] bound = child.first().key();
    if (branch.size < TreeNode.WIDTH) {
      branch.insert(place, bound, child);
      return;
    }
    Branch right = branch.splitAt(splitPoint(place));
    if (place > branch.size || right.size == 0) {
      right.insert(place - branch.size, bound, child);
    } else {
      branch.insert(place, bound, child);
    }
    branch.countAgain();
    right.countAgain();
    splitOff = right;
  }

  /** Keys that come in order would leave half empty nodes behind, were they split in the middle. */
  private static int splitPoint(int place) {
    return place == TreeNode.WIDTH ? TreeNode.WIDTH : TreeNode.WIDTH / 2;
  }

  /** How many versions {@link #compact} has removed. */
  long versionsCompacted() {
    return versionsCompacted;
  }

  /**
   * Replaces the history of a key by what compaction at the revision leaves of it. No count of live
   * keys changes: only a key that does not exist any more can vanish.
   *
   * @return how many stored bytes went away
   */
  long compact(byte[] key, long revision) {
    KeyHistory history = get(key);
    KeyHistory compacted = history == null ? null : history.compact(revision);
    if (compacted == history) {
      return 0;
    }
    lookedUp = null;
    found = null;
    root = replace(root, key, compacted);
    while (root instanceof Branch branch && branch.size == 1) {
      root = branch.children[0];
    }
    versionsCompacted += history.length() - (compacted == null ? 0 : compacted.length());
    return history.storedBytes() - (compacted == null ? 0 : compacted.storedBytes());
  }

  /** A null history removes the key; an empty node may come back only as the root. */
  private TreeNode replace(TreeNode node, byte[] key, KeyHistory history) {
    if (node instanceof Leaf leaf) {
      Leaf written = leaf.writable(edit);
      int position = written.find(key);
      if (history == null) {
        written.remove(position);
      } else {
        written.replace(position, history);
      }
      return written;
    }
    Branch branch = ((Branch) node).writable(edit);
    int child = branch.childOf(key);
    TreeNode replaced = replace(branch.children[child], key, history);
    branch.children[child] = replaced;
    if (replaced.size == 0) {
      branch.remove(child);
    } else if (replaced.size < TreeNode.SPARSE) {
      joinNeighbour(branch, child);
    }
    return branch;
  }

  private void joinNeighbour(Branch branch, int child) {
    int left = child > 0 ? child - 1 : child;
    if (left + 1 >= branch.size
        || branch.children[left].size + branch.children[left + 1].size > TreeNode.WIDTH / 2) {
      return;
    }
    TreeNode joined = branch.children[left].writable(edit);
    TreeNode right = branch.children[left + 1];
    if (joined instanceof Leaf leaf) {
      leaf.append((Leaf) right);
    } else {
      ((Branch) joined).append(branch.bounds[left + 1], (Branch) right);
    }
    branch.children[left] = joined;
    branch.remove(left + 1);
  }
}
