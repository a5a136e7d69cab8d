package io.sampo.tests.sim.fault;

import java.util.List;

/**
 * Faults that wait for the worst moment: of a leader just elected, of a member that has just voted.
 *
 * @param leaderPercent how many of those that are elected are struck
 * @param commitPercent how many of those are struck when they call something committed for the
 *     first time
 * @param voterPercent how many of those that grant a vote crash at once and come back at once
 * @param campaignPercent how many candidates reach only just a majority, whose members crash and
 *     come back when they have voted, and are then cut off
 * @param most strikes in all
 * @param soonNanos the longest between the moment and the strike
 * @param backNanos the longest that a strike lasts
 * @param kinds what happens to leaders, one of these each time
 */
public record StrikePlan(
    int leaderPercent,
    int commitPercent,
    int voterPercent,
    int campaignPercent,
    int most,
    long soonNanos,
    long backNanos,
    List<StrikeKind> kinds) {

  /** Nobody is struck. */
  public static final StrikePlan NONE =
      new StrikePlan(0, 0, 0, 0, 0, 1, 1, List.of(StrikeKind.CRASH));
}
