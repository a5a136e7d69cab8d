package io.sampo.tests.sim.scenario;

/** Outcomes as text. */
final class Report {
  private Report() {}

  static String of(Outcome outcome) {
    StringBuilder text = new StringBuilder();
    text.append(
        ("seed %d: %.1f simulated seconds, %d steps, %d messages,"
                + " %d calls (%d answered), %d entries, %d faults, trace %016x")
            .formatted(
                outcome.seed(),
                outcome.simulatedNanos() / 1e9,
                outcome.steps(),
                outcome.messages(),
                outcome.calls(),
                outcome.answers(),
                outcome.committed(),
                outcome.faults(),
                outcome.traceHash()));
    outcome.violations().stream()
        .limit(3)
        .forEach(found -> text.append("\n  VIOLATION ").append(found));
    if (outcome.failed()) {
      text.append("\n  repeat: multi-node-tests/bin/simulate --seed ")
          .append(outcome.seed())
          .append(" --timeline");
    }
    return text.toString();
  }
}
