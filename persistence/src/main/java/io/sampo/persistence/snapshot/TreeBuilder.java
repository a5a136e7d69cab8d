package io.sampo.persistence.snapshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds the B+tree of one bucket bottom up from sorted entries. A page goes out as soon as it is
 * full and its parent remembers only its first key and id, so the memory needed is one page for
 * each level of the tree.
 *
 * <p>bbolt's rebalancing takes for granted that a branch page has at least two children. So a full
 * branch keeps its last child back for the next page, which then never ends with a single one.
 */
final class TreeBuilder {
  private static final int MIN_CHILDREN = 2;

  private final PageSink sink;
  private final int elementFlags;
  private final PageNode leaf = PageNode.leaf();
  private final List<PageNode> branches = new ArrayList<>();
  private byte[] lastKey;

  TreeBuilder(PageSink sink, int elementFlags) {
    this.sink = sink;
    this.elementFlags = elementFlags;
  }

  /**
   * Adds an entry after all others.
   *
   * @throws IllegalArgumentException if the key is empty, too long, or not above the one before
   */
  void add(byte[] key, byte[] value) {
    if (key.length == 0 || key.length > BboltFormat.MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a bbolt key has 1 to " + BboltFormat.MAX_KEY_BYTES + " bytes, not " + key.length);
    }
    if (lastKey != null && Arrays.compareUnsigned(lastKey, key) >= 0) {
      throw new IllegalArgumentException("keys of a bucket must ascend");
    }
    if (leaf.count() > 0 && leaf.overflowsWith(key, value.length)) {
      flushLeaf();
    }
    leaf.addEntry(key, value);
    lastKey = key;
  }

  /** Writes what is left and gives the id of the root page; an empty tree is one empty leaf. */
  long finish() {
    if (branches.isEmpty()) {
      return sink.write(leaf, elementFlags);
    }
    if (leaf.count() > 0) {
      flushLeaf();
    }
    // A level's last page may open one level more, which the loop then reaches too.
    for (int level = 0; ; level++) {
      PageNode branch = branches.get(level);
      if (level == branches.size() - 1 && branch.count() == 1) {
        return branch.child(0);
      }
      flushBranch(level);
    }
  }

  private void flushLeaf() {
    byte[] firstKey = leaf.key(0);
    long page = sink.write(leaf, elementFlags);
    leaf.clear();
    addChild(0, firstKey, page);
  }

  private void flushBranch(int level) {
    PageNode branch = branches.get(level);
    byte[] firstKey = branch.key(0);
    long page = sink.write(branch, 0);
    branch.clear();
    addChild(level + 1, firstKey, page);
  }

  private void addChild(int level, byte[] firstKey, long page) {
    if (level == branches.size()) {
      branches.add(PageNode.branch());
    }
    PageNode branch = branches.get(level);
    if (branch.count() > MIN_CHILDREN && branch.overflowsWith(firstKey, 0)) {
      int last = branch.count() - 1;
      byte[] keptKey = branch.key(last);
      long keptChild = branch.child(last);
      branch.removeLast();
      flushBranch(level);
      branch.addChild(keptKey, keptChild);
    }
    branch.addChild(firstKey, page);
  }
}
