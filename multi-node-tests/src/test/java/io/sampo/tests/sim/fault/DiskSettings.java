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
 */
public record DiskSettings(
    long syncMinNanos,
    long syncMaxNanos,
    int stallPerMille,
    long stallNanos,
    int failPerMillion,
    int snapshotFailPerMille,
    int snapshotCutPerMille) {

  /** The same without anything that goes wrong. */
  public DiskSettings healthy() {
    return new DiskSettings(syncMinNanos, syncMaxNanos, 0, 0, 0, 0, 0);
  }
}
