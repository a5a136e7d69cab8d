package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.cluster.Mutation;

/** The command: see multi-node-tests/README.md. */
public final class Simulate {
  private Simulate() {}

  public static void main(String[] arguments) throws Exception {
    Quiet.logs();
    Options options = Options.parse(arguments);
    if (options.mutants()) {
      System.exit(MutantHunt.run(options) ? 0 : 1);
    }
    if (options.seed().isPresent()) {
      System.exit(repeat(options) ? 0 : 1);
    }
    System.exit(new Campaign(options, System.out::println).run() ? 0 : 1);
  }

  private static boolean repeat(Options options) {
    long seed = options.seed().getAsLong();
    Mutation mutation = options.mutant() == null ? Mutation.NOTHING : options.mutant().mutation();
    Outcome outcome = History.run(seed, mutation, options.timeline() ? System.out::println : null);
    System.out.println(Report.of(outcome));
    return !outcome.failed();
  }
}
