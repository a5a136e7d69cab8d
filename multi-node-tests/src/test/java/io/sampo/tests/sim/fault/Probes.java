package io.sampo.tests.sim.fault;

import java.util.EnumMap;
import java.util.Map;

/** Counts which rare paths were taken, so that what the histories cover is a fact. */
public final class Probes {
  private final Map<Probe, Long> counts = new EnumMap<>(Probe.class);

  public void hit(Probe path) {
    counts.merge(path, 1L, Long::sum);
  }

  public void addAll(Probes others) {
    others.counts.forEach((path, count) -> counts.merge(path, count, Long::sum));
  }

  public long count(Probe path) {
    return counts.getOrDefault(path, 0L);
  }

  /** In the order of their names. */
  public Map<Probe, Long> counts() {
    return counts;
  }
}
