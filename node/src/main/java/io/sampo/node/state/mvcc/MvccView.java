package io.sampo.node.state.mvcc;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.key.KeyRange;
import java.util.ArrayList;
import java.util.List;

/**
 * The key space as it was after some apply; immutable, so any number of threads may read it for as
 * long as they like while writes go on.
 */
public final class MvccView {
  /** An empty store: etcd's first revision is 1, the first write makes 2. */
  public static final MvccView EMPTY = new MvccStore().view(0);

  private final long revision;
  private final long compactRevision;
  private final long appliedIndex;
  private final KeyTree tree;
  private final RevisionHistory history;

  MvccView(
      long revision,
      long compactRevision,
      long appliedIndex,
      KeyTree tree,
      RevisionHistory history) {
    this.revision = revision;
    this.compactRevision = compactRevision;
    this.appliedIndex = appliedIndex;
    this.tree = tree;
    this.history = history;
  }

  /** The newest revision. */
  public long revision() {
    return revision;
  }

  /** The revision of the last compaction, the oldest that can be read; −1 if there was none. */
  public long compactRevision() {
    return compactRevision;
  }

  /** The index of the last log entry that this view includes. */
  public long appliedIndex() {
    return appliedIndex;
  }

  /**
   * The newest version of the key at or below the revision, or null. It may be a tombstone. The
   * revision has to be at or above {@link #compactRevision}; below it the answer means nothing.
   */
  public KeyVersion get(byte[] key, long revision) {
    KeyHistory found = tree.get(key);
    return found == null ? null : found.at(revision);
  }

  /**
   * Runs a range query.
   *
   * @throws io.sampo.protocol.error.EtcdException COMPACTED or FUTURE_REVISION
   */
  public RangeResult range(RangeQuery query) {
    return new RangeScan(this, query).run();
  }

  /** How many keys of the range exist at the newest revision, at the cost of the tree's depth. */
  public long count(KeyRange range) {
    return tree.countLive(range);
  }

  /** How many keys of the range exist at a readable revision; an old one costs a scan. */
  long count(KeyRange range, long at) {
    return range(RangeQuery.count(range, at)).count();
  }

  /** The first keys of the range at a readable revision, in a list the caller may change. */
  List<KeyVersion> firstOf(KeyRange range, long at, long limit) {
    List<KeyVersion> found = new ArrayList<>();
    tree.scan(
        range,
        history -> {
          KeyVersion version = history.at(at);
          if (version != null && !version.isTombstone()) {
            found.add(version);
          }
          return found.size() < limit;
        });
    return found;
  }

  /** Every version at or above the last compaction's revision, in the order of writing. */
  public RevisionHistory history() {
    return history;
  }

  /**
   * The revision a read asks for: the newest if it is 0 or below.
   *
   * @throws io.sampo.protocol.error.EtcdException COMPACTED or FUTURE_REVISION
   */
  public long readable(long requested) {
    if (requested <= 0) {
      return revision;
    }
    if (requested > revision) {
      throw EtcdError.FUTURE_REVISION.exception();
    }
    if (requested < compactRevision) {
      throw EtcdError.COMPACTED.exception();
    }
    return requested;
  }

  KeyTree tree() {
    return tree;
  }
}
