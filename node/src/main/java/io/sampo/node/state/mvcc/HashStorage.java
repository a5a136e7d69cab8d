package io.sampo.node.state.mvcc;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The hashes of the last compactions, which members compare to find corruption. May be used by any
 * number of threads.
 */
public final class HashStorage {
  private static final int MAX_HASHES = 10;

  private volatile List<KeyHash> hashes = List.of();

  /** Notes the hash of a compaction; the ten newest revisions are kept. */
  public synchronized void store(KeyHash hash) {
    List<KeyHash> all =
        Stream.concat(hashes.stream(), Stream.of(hash))
            .sorted(Comparator.comparingLong(KeyHash::revision))
            .toList();
    hashes = all.subList(Math.max(0, all.size() - MAX_HASHES), all.size());
  }

  /** The stored hashes, oldest revision first. */
  public List<KeyHash> hashes() {
    return hashes;
  }

  /**
   * The hash of a revision: the one its compaction stored, if there is one (so the hash at the
   * compact revision names the compaction before it, as etcd's does), or else computed. After a
   * compaction at 0, etcd gives that one's hash for 0, which otherwise means the newest revision.
   *
   * @throws io.sampo.protocol.error.EtcdException COMPACTED or FUTURE_REVISION
   */
  public KeyHash hashByRevision(MvccView view, long revision) {
    for (KeyHash hash : hashes) {
      if (hash.revision() == revision) {
        return hash;
      }
    }
    return KeyHash.of(view, revision);
  }
}
