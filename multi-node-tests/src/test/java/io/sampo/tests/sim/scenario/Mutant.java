package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.cluster.Mutation;

/** A known bug. */
record Mutant(String name, String bug, java.util.function.Supplier<Mutation> planter) {
  Mutation plant() {
    return planter.get();
  }

  static Mutant named(String name) {
    return Mutants.ALL.stream()
        .filter(mutant -> mutant.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such mutant: " + name));
  }
}
