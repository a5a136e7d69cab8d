package io.sampo.node.state.mvcc;

import com.google.protobuf.ByteString;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.key.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The single writer of the key space. All writes between two calls of {@link #commit} share one
 * main revision and count up in their sub-revision; a commit without a write does not use one.
 */
public final class MvccStore {
  /** How many versions one step of physical compaction looks at, unless told otherwise. */
  static final int COMPACTION_STEP = 250;

  private long revision;
  private long compactRevision;
  private final KeyTreeEditor tree;
  private final RevisionHistoryWriter history;
  private List<KeyVersion> changes = new ArrayList<>();

  private long bytes;

  /** How many versions at the head of the history the compaction has done with but kept. */
  private int compactedHead;

  /** An empty store at etcd's first revision, 1. */
  public MvccStore() {
    this(1, -1, KeyTree.EMPTY, new RevisionHistoryWriter(-1), 0);
  }

  MvccStore(
      long revision,
      long compactRevision,
      KeyTree tree,
      RevisionHistoryWriter history,
      long bytes) {
    this.revision = revision;
    this.compactRevision = compactRevision;
    this.tree = new KeyTreeEditor(tree);
    this.history = history;
    this.bytes = bytes;
    this.compactedHead = history.freeze().positionOf(compactRevision + 1);
  }

  /** The revision that a read sees now, with the writes of the transaction under way. */
  public long revision() {
    return changes.isEmpty() ? revision : revision + 1;
  }

  public long compactRevision() {
    return compactRevision;
  }

  /**
   * The logical size of all versions in bytes, history included: what the entries of etcd's key
   * bucket take, without the slack of its pages.
   */
  public long bytes() {
    return bytes;
  }

  /** Shows the newest version of every key that is attached to a lease. */
  public void forEachLeased(Consumer<KeyVersion> visitor) {
    tree.peek()
        .forEach(
            history -> {
              if (history.newest().lease() != 0) {
                visitor.accept(history.newest());
              }
            });
  }

  /** Whether there is physical compaction left to do. */
  public boolean isCompacting() {
    RevisionHistory written = history.freeze();
    return compactedHead < written.positionOf(compactRevision + 1);
  }

  /** The newest version of the key with the writes under way, or null; may be a tombstone. */
  public KeyVersion newest(byte[] key) {
    KeyHistory found = tree.get(key);
    return found == null ? null : found.newest();
  }

  /** Writes a value. A lease of 0 means none. */
  public KeyVersion put(byte[] key, ByteString value, long lease) {
    KeyVersion before = newest(key);
    boolean exists = before != null && !before.isTombstone();
    long main = revision + 1;
    return write(
        key,
        KeyVersion.put(
            key,
            value,
            exists ? before.createRevision() : main,
            main,
            changes.size(),
            exists ? before.version() + 1 : 1,
            lease));
  }

  /** Deletes the key; null if there is nothing to delete. */
  public KeyVersion delete(byte[] key) {
    KeyVersion before = newest(key);
    if (before == null || before.isTombstone()) {
      return null;
    }
    return write(key, KeyVersion.tombstone(key, revision + 1, changes.size()));
  }

  /** Deletes every key of the range, in key order; the versions that were there before. */
  public List<KeyVersion> deleteRange(KeyRange range) {
    List<KeyVersion> found = new ArrayList<>();
    tree.peek()
        .scan(
            range,
            history -> {
              if (history.isLive()) {
                found.add(history.newest());
              }
              return true;
            });
    for (KeyVersion version : found) {
      delete(version.key());
    }
    return found;
  }

  private KeyVersion write(byte[] key, KeyVersion version) {
    tree.push(key, version);
    history.append(version);
    changes.add(version);
    bytes += version.storedBytes();
    return version;
  }

  /** A range query that sees the writes under way. */
  public RangeResult range(RangeQuery query) {
    return peek().range(query);
  }

  /** The key space with the writes under way, to be read before the next write and no later. */
  public MvccView peek() {
    return new MvccView(revision(), compactRevision, 0, tree.peek(), history.freeze());
  }

  /** Ends the transaction; the versions it wrote, in order, or none. */
  public List<KeyVersion> commit() {
    if (changes.isEmpty()) {
      return List.of();
    }
    List<KeyVersion> written = changes;
    changes = new ArrayList<>();
    revision++;
    return written;
  }

  /** An immutable view of everything committed. */
  public MvccView view(long appliedIndex) {
    return new MvccView(revision, compactRevision, appliedIndex, tree.freeze(), history.freeze());
  }

  /**
   * Forgets what was before the revision: at once for every reader of views to come, while the
   * memory is given back in {@link #compactStep}s.
   *
   * @throws io.sampo.protocol.error.EtcdException COMPACTED or FUTURE_REVISION
   */
  public void compact(long at) {
    if (at <= compactRevision) {
      throw EtcdError.COMPACTED.exception();
    }
    if (at > revision) {
      throw EtcdError.FUTURE_REVISION.exception();
    }
    compactRevision = at;
    compactedHead = 0;
    history.trim(0, at);
  }

  /** How many versions compactions have removed. */
  public long versionsCompacted() {
    return tree.versionsCompacted();
  }

  /** As {@link #compactStep(int)}, with {@link #COMPACTION_STEP} versions. */
  public boolean compactStep() {
    return compactStep(COMPACTION_STEP);
  }

  /**
   * Does a bounded part of the physical compaction that is due; false when nothing is left to do.
   *
   * <p>Only keys that were written since the last compaction, and before this one, can lose a
   * version, and those are the head of the history: so the cost follows the changes and not the
   * number of keys.
   *
   * @param versions how many are looked at, at most
   */
  public boolean compactStep(int versions) {
    RevisionHistory written = history.freeze();
    // The versions at the compact revision itself are looked at, but stay in the history.
    int trimmable = written.positionOf(compactRevision);
    int end = written.positionOf(compactRevision + 1);
    int stop = Math.min(end, compactedHead + Math.min(versions, end - compactedHead));
    for (int i = compactedHead; i < stop; i++) {
      bytes -= tree.compact(written.at(i).key(), compactRevision);
    }
    int trimmed = Math.min(stop, trimmable);
    history.trim(trimmed, compactRevision);
    compactedHead = stop - trimmed;
    return stop < end;
  }
}
