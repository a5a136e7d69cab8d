package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.fault.Probes;
import java.util.List;

/**
 * What a history came to.
 *
 * @param violations empty if everything held
 */
public record Outcome(
    long seed,
    int members,
    List<String> violations,
    long traceHash,
    long simulatedNanos,
    long steps,
    long messages,
    long calls,
    long answers,
    long committed,
    long faults,
    Probes probes) {

  public boolean failed() {
    return !violations.isEmpty();
  }
}
