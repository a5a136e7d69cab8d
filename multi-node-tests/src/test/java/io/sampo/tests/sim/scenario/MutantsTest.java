package io.sampo.tests.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.sim.mutant.Mutant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks notice what they are there for: the bugs that a few histories suffice for. */
class MutantsTest {
  private static final int HISTORIES = 100;

  @BeforeAll
  static void quiet() {
    Quiet.logs();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "impatient-journal",
        "short-log-vote",
        "two-votes",
        "no-barrier",
        "skipped-entry",
        "lost-event",
        "late-resume",
        "eager-truncation",
        "early-revoke",
        "lost-revoke",
        "unchecked-linearizable-range",
        "unchecked-failure-branch",
        "unchecked-watch"
      })
  void isFound(String name) {
    Mutant mutant = Mutant.named(name);
    assertTrue(
        LongStream.rangeClosed(1, HISTORIES)
            .anyMatch(seed -> History.run(seed, mutant.mutation(), null).failed()),
        mutant.bug());
  }
}
