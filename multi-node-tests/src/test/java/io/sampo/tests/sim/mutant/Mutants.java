package io.sampo.tests.sim.mutant;

import java.util.List;
import java.util.stream.Stream;

/** All known bugs: each swaps a rule, or stands before one actor. */
public final class Mutants {
  public static final List<Mutant> ALL =
      Stream.of(
              RaftMutants.ALL, ReadMutants.ALL, WatchMutants.ALL, LeaseMutants.ALL, AuthMutants.ALL)
          .flatMap(List::stream)
          .toList();

  private Mutants() {}
}
