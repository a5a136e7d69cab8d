package io.sampo.tests.sim.fault;

/**
 * Faults that wait for the worst moment: of a leader just elected, of a member that has just voted.
 *
 * @param leaderPercent how many of those that are elected are struck
 * @param voterPercent how many of those that grant a vote crash at once and come back at once
 * @param most strikes in all
 * @param soonNanos the longest between the moment and the strike
 * @param backNanos the longest that a strike lasts
 */
public record StrikePlan(
    int leaderPercent, int voterPercent, int most, long soonNanos, long backNanos) {

  /** Nobody is struck. */
  public static final StrikePlan NONE = new StrikePlan(0, 0, 0, 1, 1);
}
