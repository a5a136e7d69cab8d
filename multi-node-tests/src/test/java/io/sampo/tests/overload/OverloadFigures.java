package io.sampo.tests.overload;

import io.sampo.tests.load.LoadResult;

/**
 * What a cluster did for some number of clients.
 *
 * @param leaderChanges that the members have seen, of all together
 * @param heartbeatFailures heartbeats that a leader sent late or not at all
 * @param peakMegabytes resident memory of the member that took most
 */
record OverloadFigures(
    int clients,
    LoadResult puts,
    LoadResult gets,
    long leaderChanges,
    long heartbeatFailures,
    double peakMegabytes) {

  double perSecond() {
    return puts.perSecond() + gets.perSecond();
  }

  double refusedPerSecond() {
    return puts.refused() / puts.seconds() + gets.refused() / gets.seconds();
  }
}
