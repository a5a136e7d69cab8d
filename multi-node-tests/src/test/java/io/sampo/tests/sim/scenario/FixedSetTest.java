package io.sampo.tests.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.sim.fault.Probes;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The histories that every build runs. */
class FixedSetTest {
  private static final int HISTORIES = 100;
  private static final int REPEATED = 6;

  /** Paths that these histories take for certain. */
  private static final List<String> REACHED =
      List.of(
          "leader crashed",
          "follower crashed",
          "member paused",
          "member restarted",
          "partition",
          "one-way cut",
          "message lost",
          "message repeated",
          "message overtook another",
          "disk stalled",
          "fsync failed",
          "unsynced write lost",
          "bit flipped in the journal",
          "bit flipped in a snapshot",
          "wall clock set",
          "journal on a full disk",
          "snapshot received",
          "snapshot refused",
          "snapshot given up on its way",
          "bit flipped in a snapshot on its way",
          "cluster restored from a snapshot",
          "member fell behind",
          "leader of a minority, with late answers",
          "leader whose own writes are lost",
          "former leader asked to lead again",
          "learner joined",
          "voter joined",
          "member removed",
          "membership changed: MemberPromoteRequest",
          "voter crashed right after its vote",
          "candidate reached only just a majority",
          "lock taken",
          "lease renewed",
          "watcher ended by a compaction");

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
    for (String path : REACHED) {
      assertTrue(probes.count(path) > 0, () -> "never: " + path);
    }
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
