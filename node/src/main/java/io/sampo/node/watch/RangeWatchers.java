package io.sampo.node.watch;

import io.sampo.node.watch.range.WatchedRange;
import java.util.Arrays;

/** The watchers that one session has on one range. */
final class RangeWatchers {
  private final WatchedRange range;
  private final Interest interest;
  private Watcher[] watchers = new Watcher[1];
  private int count;
  private int ended;

  RangeWatchers(WatchedRange range, HubSlot slot) {
    this.range = range;
    this.interest = new Interest(slot, this);
  }

  WatchedRange range() {
    return range;
  }

  Interest interest() {
    return interest;
  }

  void add(Watcher watcher) {
    if (count == watchers.length) {
      watchers = Arrays.copyOf(watchers, count * 2);
    }
    watchers[count++] = watcher;
  }

  /**
   * Notes that one of them ended. They are cleared out into a new array, as a delivery under way
   * may still walk along the old one.
   */
  void noteEnded() {
    ended++;
    if (ended > count / 2) {
      Watcher[] alive = new Watcher[Math.max(1, count - ended)];
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (!watchers[i].is(Watcher.ENDED)) {
          alive[kept++] = watchers[i];
        }
      }
      watchers = alive;
      count = kept;
      ended = 0;
    }
  }

  boolean isEmpty() {
    return count == ended;
  }

  /** Everyone so far, the ended ones among them; places at or above {@link #count} do not count. */
  Watcher[] watchers() {
    return watchers;
  }

  int count() {
    return count;
  }
}
