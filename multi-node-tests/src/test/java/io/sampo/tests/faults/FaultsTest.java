package io.sampo.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.faults.Fault.Action;
import io.sampo.tests.faults.Fault.Target;
import io.sampo.tests.process.ServerProgram;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One short round of each size; {@code bin/faults} runs long ones. */
class FaultsTest {
  private static final long SEED = Long.getLong("sampo.faults.seed", 1);
  private static final Duration LENGTH = Duration.ofSeconds(2);

  private final FaultRound round = new FaultRound(SEED, System.out::println);

  private static FaultResult good(FaultResult result) {
    System.out.println(result);
    assertEquals(List.of(), result.violations());
    assertTrue(result.judged() > 100, "there was load");
    return result;
  }

  private FaultResult run(int size, List<Fault> faults) {
    return good(round.run(ServerProgram.underTest(), size, faults));
  }

  @Test
  void threeMembersKeepTheirPromisesUnderEachKindOfFault() {
    FaultResult result = run(3, FaultPlan.each(new SplittableRandom(SEED)));
    assertTrue(result.snapshots() > 0, "somebody was so far behind that it was sent a snapshot");
  }

  @Test
  void everyMemberIsReplacedWhileClientsGoOn() {
    good(
        round.run(
            ServerProgram.underTest(),
            3,
            cluster -> new Replacement(cluster, System.out::println).ofAll(round::awaitWrites)));
  }

  @Test
  void fiveMembersDoWithoutTwo() {
    run(
        5,
        List.of(
            new Fault(Action.KILL, Target.MINORITY, LENGTH),
            new Fault(Action.CUT, Target.MINORITY, LENGTH)));
  }
}
