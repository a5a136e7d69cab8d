package io.sampo.tests.sim.fault;

/**
 * How the network behaves.
 *
 * @param minNanos the quickest way of a message
 * @param maxNanos the slowest usual one
 * @param lossPerMille how many are lost
 * @param repeatPerMille how many arrive twice
 * @param slowPerMille how many take up to {@code slowNanos} more
 * @param slowNanos how much that is
 * @param stateNanos how much longer a state may take that goes on a connection of its own
 * @param stateGivenUpPerMille how many of those that arrive their sender takes for lost
 * @param stateFlippedPerMille how many of them arrive with a wrong bit
 * @param ordered whether what one member sends another keeps its order, as on one connection
 */
public record NetworkSettings(
    long minNanos,
    long maxNanos,
    int lossPerMille,
    int repeatPerMille,
    int slowPerMille,
    long slowNanos,
    long stateNanos,
    int stateGivenUpPerMille,
    int stateFlippedPerMille,
    boolean ordered) {

  /** The same without anything that goes wrong. */
  public NetworkSettings healthy() {
    return new NetworkSettings(minNanos, maxNanos, 0, 0, 0, 0, 0, 0, 0, true);
  }
}
