package io.sampo.node.watch;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * From a key to whatever is kept for the ranges that contain it, one value per distinct range:
 * single keys by hash, intervals by tree, so that an event costs only what it concerns.
 */
final class RangeIndex<V> {
  private final Map<WatchedRange, V> singles = new HashMap<>();
  private final IntervalTree<V> intervals = new IntervalTree<>();

  V get(WatchedRange range) {
    return range.isSingle() ? singles.get(range) : intervals.get(range);
  }

  void put(WatchedRange range, V value) {
    if (range.isSingle()) {
      singles.put(range, value);
    } else {
      intervals.put(range, value);
    }
  }

  void remove(WatchedRange range) {
    if (range.isSingle()) {
      singles.remove(range);
    } else {
      intervals.remove(range);
    }
  }

  void stab(byte[] key, Consumer<? super V> found) {
    if (!singles.isEmpty()) {
      V single = singles.get(WatchedRange.single(key));
      if (single != null) {
        found.accept(single);
      }
    }
    intervals.stab(key, found);
  }

  void forEach(Consumer<? super V> each) {
    singles.values().forEach(each);
    intervals.forEach(each);
  }

  boolean isEmpty() {
    return singles.isEmpty() && intervals.isEmpty();
  }
}
