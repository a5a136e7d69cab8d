package io.sampo.tests.sim.mutant;

import io.sampo.tests.sim.cluster.Mutation;
import java.util.function.Supplier;

/** A known bug. */
public record Mutant(String name, String bug, Supplier<Mutation> make) {
  public Mutation mutation() {
    return make.get();
  }

  public static Mutant named(String name) {
    return Mutants.ALL.stream()
        .filter(mutant -> mutant.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such mutant: " + name));
  }
}
