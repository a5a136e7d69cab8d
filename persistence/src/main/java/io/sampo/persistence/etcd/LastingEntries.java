package io.sampo.persistence.etcd;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which of the entries that were written one after another are still in the log at its end: one
 * that is written at an index that was there before takes the place of that and of all behind it.
 * Costs memory for each such event, not for each entry.
 */
final class LastingEntries {
  /** Entries that were written in a row; the first of them is the run's key. */
  private record Run(long firstIndex, long count) {}

  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private final long before;
  private long written;

  /**
   * @param before the index before the first entry
   */
  LastingEntries(long before) {
    this.before = before;
  }

  long lastIndex() {
    return runs.isEmpty() ? before : end(runs.lastEntry().getValue());
  }

  private static long end(Run run) {
    return run.firstIndex() + run.count() - 1;
  }

  /** Takes the index of the next entry that was written, at most one beyond the last. */
  void written(long index) {
    boolean goesOn = !runs.isEmpty() && index == lastIndex() + 1;
    if (goesOn) {
      long first = runs.lastKey();
      Run run = runs.get(first);
      if (first + run.count() == written) {
        runs.put(first, new Run(run.firstIndex(), run.count() + 1));
        written++;
        return;
      }
    }
    while (!runs.isEmpty() && lastIndex() >= index) {
      Map.Entry<Long, Run> last = runs.pollLastEntry();
      long kept = index - last.getValue().firstIndex();
      if (kept > 0) {
        runs.put(last.getKey(), new Run(last.getValue().firstIndex(), kept));
      }
    }
    runs.put(written++, new Run(index, 1));
  }

  /**
   * @param ordinal how many entries were written before the one in question
   */
  boolean contains(long ordinal) {
    Map.Entry<Long, Run> run = runs.floorEntry(ordinal);
    return run != null && ordinal - run.getKey() < run.getValue().count();
  }
}
