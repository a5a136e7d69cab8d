package io.sampo.tests.sim.scenario;

import java.util.List;

/** All known bugs. */
final class Mutants {
  static final List<Mutant> ALL = List.of();

  private Mutants() {}
}
