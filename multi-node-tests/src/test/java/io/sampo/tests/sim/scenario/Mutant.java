package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.cluster.Planted;

/** A known bug. */
record Mutant(String name, String bug, java.util.function.Supplier<Planted> planter) {
  Planted plant() {
    return planter.get();
  }

  static Mutant named(String name) {
    return Mutants.ALL.stream()
        .filter(mutant -> mutant.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such mutant: " + name));
  }
}
