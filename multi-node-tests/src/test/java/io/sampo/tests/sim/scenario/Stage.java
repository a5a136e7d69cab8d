package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.check.Violations;
import io.sampo.tests.sim.cluster.Mutation;
import io.sampo.tests.sim.fault.Probes;
import io.sampo.tests.sim.kernel.World;

/** What all eras of a history share. */
record Stage(
    World world, Probes probes, Violations violations, Timeline timeline, Mutation mutation) {}
