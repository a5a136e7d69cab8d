package io.sampo.tests.sim.kernel;

/**
 * Thrown by a simulated device in the middle of an operation, when it has crashed the process: what
 * the rest of the operation would do is not done.
 */
public final class PowerCut extends Error {
  private static final long serialVersionUID = 1;

  public PowerCut() {
    super("power cut", null, false, false);
  }
}
