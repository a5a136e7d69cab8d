package io.sampo.tests.sim.fault;

/**
 * How a disk behaves.
 *
 * @param syncMinNanos the quickest fsync
 * @param syncMaxNanos the slowest usual one
 * @param stallPerMille how often one takes {@code stallNanos} more
 * @param stallNanos a slow one
 * @param failPerMillion how often one fails
 * @param snapshotFailPerMille how often a snapshot cannot be written
 * @param snapshotCutPerMille how often the power goes in the middle of one
 * @param shortagePerMille how often there is no space for one beside what the log keeps for itself
 */
public record DiskSettings(
    long syncMinNanos,
    long syncMaxNanos,
    int stallPerMille,
    long stallNanos,
    int failPerMillion,
    int snapshotFailPerMille,
    int snapshotCutPerMille,
    int shortagePerMille) {

  /** The same without anything that goes wrong. */
  public DiskSettings healthy() {
    return new DiskSettings(syncMinNanos, syncMaxNanos, 0, 0, 0, 0, 0, 0);
  }

  /** The same where space is short so often. */
  public DiskSettings withShortage(int perMille) {
    return new DiskSettings(
        syncMinNanos,
        syncMaxNanos,
        stallPerMille,
        stallNanos,
        failPerMillion,
        snapshotFailPerMille,
        snapshotCutPerMille,
        perMille);
  }
}
