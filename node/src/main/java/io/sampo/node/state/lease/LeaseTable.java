package io.sampo.node.state.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All leases; immutable, any number of threads may read it. */
public final class LeaseTable {
  /** No leases. */
  public static final LeaseTable EMPTY = new LeaseTable(null, 0);

  private final LeaseTrie trie;
  private final int size;

  private LeaseTable(LeaseTrie trie, int size) {
    this.trie = trie;
    this.size = size;
  }

  public int size() {
    return size;
  }

  /** The lease, or null. */
  public Lease get(long id) {
    return LeaseTrie.get(trie, id);
  }

  /** Shows every lease, in the unsigned order of ids. */
  public void forEach(Consumer<Lease> action) {
    LeaseTrie.forEach(trie, action);
  }

  /** Every lease, in the unsigned order of ids. */
  public List<Lease> toList() {
    List<Lease> leases = new ArrayList<>(size);
    forEach(leases::add);
    return leases;
  }

  /** The table with the lease, in the place of one of the same id. */
  public LeaseTable with(Lease lease) {
    return new LeaseTable(LeaseTrie.put(trie, lease), get(lease.id()) == null ? size + 1 : size);
  }

  /** The table without the lease of that id. */
  public LeaseTable without(long id) {
    return get(id) == null ? this : new LeaseTable(LeaseTrie.remove(trie, id), size - 1);
  }

  /** The table with the key attached; a lease that does not exist takes nothing. */
  public LeaseTable attach(long id, byte[] key) {
    Lease lease = get(id);
    return lease == null ? this : with(lease.attach(key));
  }

  /** The table with the key detached. */
  public LeaseTable detach(long id, byte[] key) {
    Lease lease = get(id);
    return lease == null ? this : with(lease.detach(key));
  }

  /** The table with a checkpoint of what is left of the lease; an unknown lease is ignored. */
  public LeaseTable checkpoint(long id, long remainingSeconds) {
    Lease lease = get(id);
    return lease == null ? this : with(lease.checkpoint(remainingSeconds));
  }
}
