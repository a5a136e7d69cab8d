package io.sampo.node.state.mvcc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every version that a view keeps, in revision order, which is the order of etcd's key bucket: the
 * survivors from before the last compaction, then the history since. The history is in that order
 * already; the survivors stand in the tree in key order and are sorted here.
 */
public final class StoredVersions {
  private final KeyVersion[] survivors;
  private final RevisionHistory history;
  private final int historyStart;

  /** Sorts the survivors of the view: a second or less for a million. */
  public StoredVersions(MvccView view) {
    long compacted = view.compactRevision();
    this.history = view.history();
    this.historyStart = history.positionOf(compacted);
    this.survivors = survivors(view, compacted, version -> version.modRevision() < compacted);
  }

  /** How many versions there are. */
  public int size() {
    return survivors.length + history.size() - historyStart;
  }

  /** The version at the position, counted from 0. */
  public KeyVersion at(int position) {
    return position < survivors.length
        ? survivors[position]
        : history.at(historyStart + position - survivors.length);
  }

  /**
   * Of every key the version that is visible at the revision, if there is one and it passes the
   * filter, in revision order.
   */
  static KeyVersion[] survivors(MvccView view, long revision, Predicate<KeyVersion> filter) {
    List<Survivor> found = new ArrayList<>();
    if (revision > 0) {
      view.tree()
          .forEach(
              key -> {
                KeyVersion version = key.at(revision);
                if (version != null && !version.isTombstone() && filter.test(version)) {
                  found.add(new Survivor(version.modRevision(), version.subRevision(), version));
                }
              });
    }
    Survivor[] sorted = found.toArray(new Survivor[0]);
    Arrays.parallelSort(sorted);
    KeyVersion[] versions = new KeyVersion[sorted.length];
    for (int i = 0; i < versions.length; i++) {
      versions[i] = sorted[i].version();
    }
    return versions;
  }

  /** A version with its revision beside it, so that comparing does not have to fetch it. */
  private record Survivor(long main, int sub, KeyVersion version) implements Comparable<Survivor> {
    @Override
    public int compareTo(Survivor other) {
      int order = Long.compare(main, other.main);
      return order != 0 ? order : Integer.compare(sub, other.sub);
    }
  }
}
