package io.sampo.tests.sim.fault;

import io.sampo.tests.sim.kernel.SimProcess;
import org.apache.pekko.actor.setup.Setup;

/** Tells the journal of a process which disk is its own. */
public final class DiskSetup extends Setup {
  private final SimDisk disk;
  private final SimProcess process;

  public DiskSetup(SimDisk disk, SimProcess process) {
    this.disk = disk;
    this.process = process;
  }

  SimDisk disk() {
    return disk;
  }

  SimProcess process() {
    return process;
  }
}
