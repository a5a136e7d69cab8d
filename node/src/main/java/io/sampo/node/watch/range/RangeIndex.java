package io.sampo.node.watch.range;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * From a key to whatever is kept for the ranges that contain it, one value per distinct range:
 * single keys by hash, intervals by tree, so that an event costs only what it concerns.
 */
public final class RangeIndex<V> {
  private final Map<WatchedRange, V> singles = new HashMap<>();
  private final IntervalTree<V> intervals = new IntervalTree<>();

  public V get(WatchedRange range) {
    return range.isSingle() ? singles.get(range) : intervals.get(range);
  }

  public void put(WatchedRange range, V value) {
    if (range.isSingle()) {
      singles.put(range, value);
    } else {
      intervals.put(range, value);
    }
  }

  public void remove(WatchedRange range) {
    if (range.isSingle()) {
      singles.remove(range);
    } else {
      intervals.remove(range);
    }
  }

  public void stab(byte[] key, Consumer<? super V> found) {
    if (!singles.isEmpty()) {
      V single = singles.get(WatchedRange.single(key));
      if (single != null) {
        found.accept(single);
      }
    }
    intervals.stab(key, found);
  }

  public void forEach(Consumer<? super V> each) {
    singles.values().forEach(each);
    intervals.forEach(each);
  }

  public boolean isEmpty() {
    return singles.isEmpty() && intervals.isEmpty();
  }
}
