package io.sampo.tests.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sampo.tests.sim.fault.Probe;
import io.sampo.tests.sim.fault.Probes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The histories that every build runs. */
class FixedSetTest {
  private static final int HISTORIES = 100;
  private static final int REPEATED = 6;

  @BeforeAll
  static void quiet() {
    Quiet.logs();
  }

  @Test
  void everythingHoldsAndTheRarePathsAreTaken() {
    Probes probes = new Probes();
    LongStream.rangeClosed(1, HISTORIES)
        .forEach(
            seed -> {
              Outcome outcome = History.run(seed);
              assertFalse(outcome.failed(), () -> Report.of(outcome));
              probes.addAll(outcome.probes());
            });
    List<Probe> never =
        Arrays.stream(Probe.values()).filter(path -> probes.count(path) == 0).toList();
    assertEquals(List.of(), never);
  }

  @Test
  void aSeedIsAHistory() {
    LongStream.rangeClosed(1, REPEATED)
        .forEach(
            seed -> {
              Outcome first = History.run(seed);
              Outcome second = History.run(seed);
              assertEquals(Report.of(first), Report.of(second));
            });
  }
}
