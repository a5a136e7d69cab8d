package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.cluster.Mutation;

/** A known bug. */
record Mutant(String name, String bug, java.util.function.Supplier<Mutation> make) {
  Mutation mutation() {
    return make.get();
  }

  static Mutant named(String name) {
    return Mutants.ALL.stream()
        .filter(mutant -> mutant.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such mutant: " + name));
  }
}
