package io.sampo.tests.faults;

import io.sampo.tests.process.ServerProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The campaign: rounds with faults drawn from seeds, one after another, until the time is over.
 * Ends with 1 if something did not hold.
 */
public final class Faults {
  private static final long NANOS_PER_MINUTE = 60_000_000_000L;
  private static final int FAULTS_PER_ROUND = 12;

  private Faults() {}

  public static void main(String[] words) {
    FaultOptions options;
    try {
      options = FaultOptions.parse(words);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(FaultOptions.USAGE);
      System.exit(2);
      return;
    }
    System.exit(run(options) ? 0 : 1);
  }

  /** Whether everything held. */
  private static boolean run(FaultOptions options) {
    long end = System.nanoTime() + options.minutes() * NANOS_PER_MINUTE;
    long seed = options.seed();
    boolean well = true;
    do {
      well &= round(options, seed++);
    } while (System.nanoTime() < end);
    return well;
  }

  private static boolean round(FaultOptions options, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Fault> faults = new ArrayList<>();
    if (options.each()) {
      faults.addAll(FaultPlan.each(random));
    }
    while (faults.size() < FAULTS_PER_ROUND) {
      faults.add(FaultPlan.any(random, options.members()));
    }
    try {
      FaultResult result =
          new FaultRound(seed, System.out::println)
              .run(ServerProgram.underTest(), options.members(), faults);
      System.out.println("seed " + seed + ": " + result);
      return result.violations().isEmpty();
    } catch (AssertionError e) {
      System.out.println("seed " + seed + ": " + e.getMessage());
      return false;
    }
  }
}
