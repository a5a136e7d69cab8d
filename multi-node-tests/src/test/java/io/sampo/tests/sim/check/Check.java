package io.sampo.tests.sim.check;

import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.SimCluster;

/** Something that must hold in every history. */
public interface Check extends Observer {
  /** Called when all faults are over, everybody was heard, and nothing more is asked. */
  default void atEnd(SimCluster cluster) {}
}
