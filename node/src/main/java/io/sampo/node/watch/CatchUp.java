package io.sampo.node.watch;

import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RevisionHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The watchers of a session that are behind the hub, and where in the history they are. One slice
 * reads a bounded part of the history once for all of them.
 */
final class CatchUp {
  private static final int SLICE_VERSIONS = 4096;
  private static final long SLICE_BYTES = 1 << 20;
  private static final KeyVersion[] NO_EVENTS = {};

  private final RangeIndex<List<Cohort>> index = new RangeIndex<>();
  private final List<Cohort> cohorts = new ArrayList<>();
  private long matchedBytes;

  /** Watchers of one range that have come equally far. */
  private static final class Cohort {
    final WatchedRange range;
    long next;
    Watcher[] watchers = new Watcher[1];
    int count;
    List<KeyVersion> events = List.of();

    Cohort(WatchedRange range, long next) {
      this.range = range;
      this.next = next;
    }

    void add(Watcher watcher) {
      if (count == watchers.length) {
        watchers = Arrays.copyOf(watchers, count * 2);
      }
      watchers[count++] = watcher;
    }
  }

  boolean isEmpty() {
    return cohorts.isEmpty();
  }

  /** Takes a watcher that has to read on at the revision. */
  void add(Watcher watcher, long next) {
    watcher.set(Watcher.LAGGING);
    WatchedRange range = watcher.range.range();
    List<Cohort> sameRange = index.get(range);
    if (sameRange == null) {
      sameRange = new ArrayList<>(1);
      index.put(range, sameRange);
    }
    for (Cohort cohort : sameRange) {
      if (cohort.next == next) {
        cohort.add(watcher);
        return;
      }
    }
    Cohort cohort = new Cohort(range, next);
    cohort.add(watcher);
    sameRange.add(cohort);
    cohorts.add(cohort);
  }

  /** Forgets everyone, when none of them is alive. */
  void clear() {
    for (Cohort cohort : cohorts) {
      index.remove(cohort.range);
    }
    cohorts.clear();
  }

  /** Takes out the watchers whose next revision is compacted; each is given to the consumer. */
  void dropCompacted(long compactRevision, Consumer<Watcher> compacted) {
    List<Watcher> dropped = new ArrayList<>(0);
    Iterator<Cohort> all = cohorts.iterator();
    while (all.hasNext()) {
      Cohort cohort = all.next();
      if (cohort.next < compactRevision) {
        all.remove();
        forget(cohort);
        for (int i = 0; i < cohort.count; i++) {
          if (!cohort.watchers[i].is(Watcher.ENDED)) {
            dropped.add(cohort.watchers[i]);
          }
        }
      }
    }
    dropped.forEach(compacted);
  }

  /**
   * Reads the next slice, whole revisions only.
   *
   * @param deliveries gets what was found
   * @param caughtUp gets every watcher that has seen all of the view
   */
  void slice(MvccView view, Consumer<Delivery> deliveries, Consumer<Watcher> caughtUp) {
    long start = Long.MAX_VALUE;
    for (Cohort cohort : cohorts) {
      start = Math.min(start, cohort.next);
    }
    long end = read(view, start);
    Iterator<Cohort> all = cohorts.iterator();
    while (all.hasNext()) {
      Cohort cohort = all.next();
      if (!cohort.events.isEmpty()) {
        deliveries.accept(
            Delivery.ofHistory(
                cohort.watchers, cohort.count, cohort.events.toArray(NO_EVENTS), view.revision()));
        cohort.events = List.of();
      }
      cohort.next = Math.max(cohort.next, end + 1);
      if (cohort.next > view.revision()) {
        all.remove();
        forget(cohort);
        release(cohort, caughtUp);
      }
    }
  }

  private static void release(Cohort cohort, Consumer<Watcher> caughtUp) {
    for (int i = 0; i < cohort.count; i++) {
      Watcher watcher = cohort.watchers[i];
      if (!watcher.is(Watcher.ENDED)) {
        watcher.next = cohort.next;
        watcher.clear(Watcher.LAGGING);
        caughtUp.accept(watcher);
      }
    }
  }

  /** Files the slice's versions under the cohorts they concern; gives its last revision. */
  private long read(MvccView view, long start) {
    RevisionHistory history = view.history();
    int first = history.positionOf(start);
    long revision = start - 1;
    matchedBytes = 0;
    for (int position = first; position < history.size(); position++) {
      KeyVersion version = history.at(position);
      boolean full = position - first >= SLICE_VERSIONS || matchedBytes >= SLICE_BYTES;
      if (full && version.modRevision() != revision) {
        return revision;
      }
      revision = version.modRevision();
      index.stab(version.key(), sameRange -> file(version, sameRange));
    }
    return view.revision();
  }

  private void file(KeyVersion version, List<Cohort> sameRange) {
    for (Cohort cohort : sameRange) {
      if (cohort.next <= version.modRevision()) {
        if (cohort.events.isEmpty()) {
          cohort.events = new ArrayList<>();
        }
        cohort.events.add(version);
        matchedBytes += version.encoded().length;
      }
    }
  }

  private void forget(Cohort cohort) {
    List<Cohort> sameRange = index.get(cohort.range);
    sameRange.remove(cohort);
    if (sameRange.isEmpty()) {
      index.remove(cohort.range);
    }
  }
}
