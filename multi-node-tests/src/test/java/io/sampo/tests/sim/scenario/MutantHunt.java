package io.sampo.tests.sim.scenario;

import java.util.List;

/** Plants each known bug and counts the seeds until it is found. */
final class MutantHunt {
  private MutantHunt() {}

  /** Whether all were found. */
  static boolean run(Options options) {
    List<Mutant> mutants = options.chosen().isEmpty() ? Mutants.ALL : options.chosen();
    boolean all = true;
    System.out.println("| bug | found after | by |\n|---|---|---|");
    for (Mutant mutant : mutants) {
      Outcome found = hunt(mutant, options);
      all &= found != null;
      System.out.println(
          found == null
              ? "| %s | NOT within %d seeds | |".formatted(mutant.bug(), options.seeds())
              : "| %s | %d seeds | %s |"
                  .formatted(
                      mutant.bug(),
                      found.seed() - options.from() + 1,
                      nameOf(found.violations().get(0))));
    }
    return all;
  }

  /** The check's name, out of {@code 1.5 s name: text}. */
  private static String nameOf(String violation) {
    String text = violation.substring(violation.indexOf(" s  ") + 4);
    return text.substring(0, text.indexOf(':'));
  }

  static Outcome hunt(Mutant mutant, Options options) {
    for (long seed = options.from(); seed < options.from() + options.seeds(); seed++) {
      Outcome outcome = History.run(seed, mutant.plant(), null);
      if (outcome.failed()) {
        return outcome;
      }
    }
    return null;
  }
}
