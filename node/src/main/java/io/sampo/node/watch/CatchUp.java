package io.sampo.node.watch;

import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RevisionHistory;
import io.sampo.node.watch.range.RangeIndex;
import io.sampo.node.watch.range.WatchedRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The watchers of a session that are behind the hub, and where in the history they are. One slice
 * reads a bounded part of the history once for all of them.
 */
final class CatchUp {
  private static final long SLICE_BYTES = 1 << 18;
  private static final KeyVersion[] NO_EVENTS = {};

  /** Those of a range, by the revision they read next. */
  private final RangeIndex<Map<Long, Cohort>> index = new RangeIndex<>();

  private final List<Cohort> cohorts = new ArrayList<>();
  private final int sliceVersions;
  private long matchedBytes;

  /**
   * @param sliceVersions how many versions are read in one slice, but for the rest of a revision
   */
  CatchUp(int sliceVersions) {
    this.sliceVersions = sliceVersions;
  }

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

    void addAll(Cohort other) {
      for (int i = 0; i < other.count; i++) {
        add(other.watchers[i]);
      }
    }
  }

  boolean isEmpty() {
    return cohorts.isEmpty();
  }

  /** Takes a watcher that has to read on at the revision. */
  void add(Watcher watcher, long next) {
    watcher.set(Watcher.LAGGING);
    WatchedRange range = watcher.range.range();
    Map<Long, Cohort> sameRange = index.get(range);
    if (sameRange == null) {
      sameRange = new HashMap<>(2);
      index.put(range, sameRange);
    }
    Cohort cohort = sameRange.get(next);
    if (cohort == null) {
      cohort = new Cohort(range, next);
      sameRange.put(next, cohort);
      cohorts.add(cohort);
    }
    cohort.add(watcher);
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
    cohorts.removeIf(
        cohort -> {
          boolean isLate = cohort.next < compactRevision;
          if (isLate) {
            forget(cohort);
            Arrays.stream(cohort.watchers, 0, cohort.count)
                .filter(watcher -> !watcher.is(Watcher.ENDED))
                .forEach(dropped::add);
          }
          return isLate;
        });
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
    List<Cohort> done = new ArrayList<>(0);
    cohorts.removeIf(
        cohort -> {
          deliver(cohort, view, deliveries);
          long next = Math.max(cohort.next, end + 1);
          return (next > cohort.next || next > view.revision())
              && isGone(cohort, next, view.revision(), done);
        });
    done.forEach(cohort -> release(cohort, caughtUp));
  }

  private static void deliver(Cohort cohort, MvccView view, Consumer<Delivery> deliveries) {
    if (!cohort.events.isEmpty()) {
      deliveries.accept(
          Delivery.ofHistory(
              cohort.watchers, cohort.count, cohort.events.toArray(NO_EVENTS), view.revision()));
      cohort.events = List.of();
    }
  }

  /** Moves a cohort on. It goes if it is done, or has come as far as another of its range. */
  private boolean isGone(Cohort cohort, long next, long newest, List<Cohort> done) {
    forget(cohort);
    cohort.next = next;
    if (next > newest) {
      done.add(cohort);
      return true;
    }
    Map<Long, Cohort> sameRange = index.get(cohort.range);
    if (sameRange == null) {
      sameRange = new HashMap<>(2);
      index.put(cohort.range, sameRange);
    }
    Cohort other = sameRange.putIfAbsent(next, cohort);
    if (other != null) {
      other.addAll(cohort);
    }
    return other != null;
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
      boolean full = position - first >= sliceVersions || matchedBytes >= SLICE_BYTES;
      if (full && version.modRevision() != revision) {
        return revision;
      }
      revision = version.modRevision();
      index.stab(version.key(), sameRange -> file(version, sameRange));
    }
    return view.revision();
  }

  private void file(KeyVersion version, Map<Long, Cohort> sameRange) {
    for (Cohort cohort : sameRange.values()) {
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
    Map<Long, Cohort> sameRange = index.get(cohort.range);
    sameRange.remove(cohort.next);
    if (sameRange.isEmpty()) {
      index.remove(cohort.range);
    }
  }
}
