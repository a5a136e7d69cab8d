package io.sampo.tests.sim.fault;

/**
 * What goes wrong in a history; each weight says how often against the others, 0 never.
 *
 * @param pauseNanos the mean time between two faults
 * @param lastNanos the longest that one lasts
 */
public record FaultPlan(
    long pauseNanos,
    long lastNanos,
    int crashes,
    int pauses,
    int cuts,
    int oneWayCuts,
    int isolations,
    int slowLinks,
    int stalls,
    int rot,
    int transfers,
    int restartsOfAll,
    int snapshotRot,
    int fullDisks,
    int wallClocks,
    int lags) {

  /** Whether disks may be damaged for good. */
  public boolean loses() {
    return rot > 0 || snapshotRot > 0;
  }
}
