package io.sampo.tests.sim.fault;

import java.util.Map;
import java.util.TreeMap;

/** Counts which rare paths were taken, so that what the histories cover is a fact. */
public final class Probes {
  private final Map<String, Long> counts = new TreeMap<>();

  public void hit(String path) {
    counts.merge(path, 1L, Long::sum);
  }

  public void addAll(Probes others) {
    others.counts.forEach((path, count) -> counts.merge(path, count, Long::sum));
  }

  public long count(String path) {
    return counts.getOrDefault(path, 0L);
  }

  /** In the order of their names. */
  public Map<String, Long> counts() {
    return counts;
  }
}
