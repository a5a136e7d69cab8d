package io.sampo.tests.sim.fault;

/**
 * What goes wrong in a history; each weight says how often against the others, 0 never.
 *
 * @param pauseNanos the mean time between two faults
 * @param lastNanos the longest that one lasts
 * @param stalls a disk writes nothing for a while
 * @param standstills a disk writes nothing for longer than any limit of time there could be
 * @param fullDisks a disk takes nothing any more
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
    int lags,
    int standstills) {

  /** The same with so many of these too. */
  public FaultPlan withStandstills(int newStandstills) {
    return new FaultPlan(
        pauseNanos,
        lastNanos,
        crashes,
        pauses,
        cuts,
        oneWayCuts,
        isolations,
        slowLinks,
        stalls,
        rot,
        transfers,
        restartsOfAll,
        snapshotRot,
        fullDisks,
        wallClocks,
        lags,
        newStandstills);
  }

  /** Whether disks may be damaged for good. */
  public boolean loses() {
    return rot > 0 || snapshotRot > 0;
  }
}
