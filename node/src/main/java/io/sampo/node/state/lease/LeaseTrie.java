package io.sampo.node.state.lease;

import java.util.function.Consumer;

/**
 * A persistent map from lease id to lease, in the unsigned order of ids, which is the order of the
 * lease bucket: a big-endian Patricia trie (Okasaki and Gill, "Fast Mergeable Integer Maps", 1998).
 */
abstract sealed class LeaseTrie {

  /** The trie with the lease in it; a null trie is empty. */
  static LeaseTrie put(LeaseTrie trie, Lease lease) {
    long id = lease.id();
    if (trie == null) {
      return new Leaf(lease);
    }
    if (trie instanceof Leaf leaf) {
      return leaf.lease.id() == id ? new Leaf(lease) : join(trie, leaf.lease.id(), lease);
    }
    Fork fork = (Fork) trie;
    if (!fork.covers(id)) {
      return join(trie, fork.prefix, lease);
    }
    return fork.isLeft(id)
        ? new Fork(fork.prefix, fork.bit, put(fork.left, lease), fork.right)
        : new Fork(fork.prefix, fork.bit, fork.left, put(fork.right, lease));
  }

  /** The trie without the lease of that id, which has to be in it; null if it is empty then. */
  static LeaseTrie remove(LeaseTrie trie, long id) {
    if (trie instanceof Leaf) {
      return null;
    }
    Fork fork = (Fork) trie;
    LeaseTrie left = fork.isLeft(id) ? remove(fork.left, id) : fork.left;
    LeaseTrie right = fork.isLeft(id) ? fork.right : remove(fork.right, id);
    if (left == null) {
      return right;
    }
    return right == null ? left : new Fork(fork.prefix, fork.bit, left, right);
  }

  static Lease get(LeaseTrie trie, long id) {
    LeaseTrie here = trie;
    while (here instanceof Fork fork) {
      here = fork.isLeft(id) ? fork.left : fork.right;
    }
    return here instanceof Leaf leaf && leaf.lease.id() == id ? leaf.lease : null;
  }

  static void forEach(LeaseTrie trie, Consumer<Lease> action) {
    if (trie instanceof Leaf leaf) {
      action.accept(leaf.lease);
    } else if (trie instanceof Fork fork) {
      forEach(fork.left, action);
      forEach(fork.right, action);
    }
  }

  private static Fork join(LeaseTrie trie, long idInTrie, Lease lease) {
    long bit = Long.highestOneBit(idInTrie ^ lease.id());
    long prefix = lease.id() & -(bit << 1);
    Leaf leaf = new Leaf(lease);
    return (lease.id() & bit) == 0
        ? new Fork(prefix, bit, leaf, trie)
        : new Fork(prefix, bit, trie, leaf);
  }

  private static final class Leaf extends LeaseTrie {
    private final Lease lease;

    private Leaf(Lease lease) {
      this.lease = lease;
    }
  }

  /** All ids below agree above the bit; those without the bit are on the left. */
  private static final class Fork extends LeaseTrie {
    private final long prefix;
    private final long bit;
    private final LeaseTrie left;
    private final LeaseTrie right;

    private Fork(long prefix, long bit, LeaseTrie left, LeaseTrie right) {
      this.prefix = prefix;
      this.bit = bit;
      this.left = left;
      this.right = right;
    }

    private boolean covers(long id) {
      return (id & -(bit << 1)) == prefix;
    }

    private boolean isLeft(long id) {
      return (id & bit) == 0;
    }
  }
}
