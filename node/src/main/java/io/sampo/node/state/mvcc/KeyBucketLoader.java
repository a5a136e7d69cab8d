package io.sampo.node.state.mvcc;

import io.sampo.node.state.mvcc.TreeNode.Branch;
import io.sampo.node.state.mvcc.TreeNode.Leaf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rebuilds a store from the entries of a key bucket, which come in revision order: sorts references
 * to them by key once and packs the tree from below, which is several times faster than putting
 * them one by one.
 */
public final class KeyBucketLoader {
  /** Leaves space in every node for the writes to come. */
  private static final int PACKED = TreeNode.WIDTH * 3 / 4;

  private final List<KeyVersion> versions = new ArrayList<>();

  /**
   * Takes one entry; the value is kept and must not be written to.
   *
   * @throws IllegalArgumentException if it is damaged or out of order
   */
  public void accept(byte[] revision, byte[] value) {
    long main = RevisionBytes.main(revision);
    int sub = Math.toIntExact(RevisionBytes.sub(revision));
    if (!versions.isEmpty()) {
      KeyVersion last = versions.get(versions.size() - 1);
      boolean later =
          main > last.modRevision() || (main == last.modRevision() && sub > last.subRevision());
      if (!later) {
        throw new IllegalArgumentException("revision " + main + " comes after " + last);
      }
    }
    versions.add(KeyVersion.stored(value, main, sub, RevisionBytes.isTombstone(revision)));
  }

  /**
   * The store with all entries taken. A compaction that was scheduled but not finished is due
   * again.
   *
   * @param finishedCompactRevision −1 if none was
   * @param scheduledCompactRevision −1 if none was
   */
  public MvccStore finish(long finishedCompactRevision, long scheduledCompactRevision) {
    long newest = versions.isEmpty() ? 1 : versions.get(versions.size() - 1).modRevision();
    long revision =
        Math.max(Math.max(1, newest), Math.max(finishedCompactRevision, scheduledCompactRevision));
    RevisionHistoryWriter history = new RevisionHistoryWriter(finishedCompactRevision);
    long bytes = 0;
    for (KeyVersion version : versions) {
      bytes += version.storedBytes();
      if (version.modRevision() >= finishedCompactRevision) {
        history.append(version);
      }
    }
    MvccStore store =
        new MvccStore(revision, finishedCompactRevision, new KeyTree(tree()), history, bytes);
    if (scheduledCompactRevision > finishedCompactRevision) {
      store.compact(scheduledCompactRevision);
    }
    return store;
  }

  private TreeNode tree() {
    List<TreeNode> level = leaves(histories(sorted()));
    while (level.size() > 1) {
      level = branches(level);
    }
    return level.isEmpty() ? KeyTree.EMPTY.root() : level.get(0);
  }

  /** A version with the first bytes of its key behind what all keys have in common. */
  private record Sortable(long prefix, KeyVersion version) implements Comparable<Sortable> {
    @Override
    public int compareTo(Sortable other) {
      int order = Long.compareUnsigned(prefix, other.prefix);
      return order != 0 ? order : version.compareKey(other.version);
    }
  }

  /** By key, and of one key by revision: the sort is stable. */
  private Sortable[] sorted() {
    int common = versions.isEmpty() ? 0 : versions.get(0).keyBytes().size();
    for (KeyVersion version : versions) {
      common = version.commonPrefix(versions.get(0), common);
    }
    Sortable[] sorted = new Sortable[versions.size()];
    for (int i = 0; i < sorted.length; i++) {
      KeyVersion version = versions.get(i);
      sorted[i] = new Sortable(version.keyBytesFrom(common), version);
    }
    Arrays.parallelSort(sorted);
    return sorted;
  }

  private static List<KeyHistory> histories(Sortable[] sorted) {
    List<KeyHistory> histories = new ArrayList<>();
    KeyHistory current = null;
    for (Sortable next : sorted) {
      boolean same = current != null && current.newest().compareKey(next.version()) == 0;
      if (current != null && !same) {
        histories.add(current);
      }
      current = KeyHistory.push(next.version(), same ? current : null);
    }
    if (current != null) {
      histories.add(current);
    }
    return histories;
  }

  private static List<TreeNode> leaves(List<KeyHistory> histories) {
    List<TreeNode> leaves = new ArrayList<>();
    for (int from = 0; from < histories.size(); from += PACKED) {
      Leaf leaf = new Leaf(null);
      for (KeyHistory history :
          histories.subList(from, Math.min(from + PACKED, histories.size()))) {
        leaf.insert(leaf.size, history);
      }
      leaves.add(leaf);
    }
    return leaves;
  }

  private static List<TreeNode> branches(List<TreeNode> children) {
    List<TreeNode> branches = new ArrayList<>();
    for (int from = 0; from < children.size(); from += PACKED) {
      Branch branch = new Branch(null);
      for (TreeNode child : children.subList(from, Math.min(from + PACKED, children.size()))) {
        branch.insert(branch.size, child.first().key(), child);
      }
      branch.countAgain();
      branches.add(branch);
    }
    return branches;
  }
}
