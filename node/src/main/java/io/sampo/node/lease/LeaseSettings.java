package io.sampo.node.lease;

import java.time.Duration;

/**
 * The lessor's times and limits.
 *
 * @param extension what a new leader adds to every lease: two election timeouts, for so long its
 *     predecessor may have gone on renewing without knowing of it (check-quorum). etcd adds one,
 *     but there nobody is elected sooner than one after the predecessor was heard last
 * @param retryInterval after which a proposal that had no effect is made again; etcd takes its
 *     request timeout
 * @param maxRevokesInFlight how many proposed revokes may be unapplied
 * @param checkpointInterval how often remaining times are proposed; zero for never (the feature
 *     gate LeaseCheckpoint is off)
 * @param standstill a member that stood still for longer asks a quorum before it renews
 */
public record LeaseSettings(
    Duration extension,
    Duration retryInterval,
    int maxRevokesInFlight,
    Duration checkpointInterval,
    Duration standstill) {
  /** etcd's interval, when the gate is on. */
  public static final Duration DEFAULT_CHECKPOINT_INTERVAL = Duration.ofMinutes(5);

  /** The lessor's own tick must not look like a standstill. */
  private static final Duration SHORTEST_STANDSTILL =
      Duration.ofMillis(DueTimes.SLOT_MILLIS * 3 / 2);

  private static final int DEFAULT_REVOKES_IN_FLIGHT = 4096;

  public static LeaseSettings of(
      Duration electionTimeout, Duration requestTimeout, boolean checkpoints) {
    Duration third = electionTimeout.dividedBy(3);
    return new LeaseSettings(
        electionTimeout.multipliedBy(2),
        requestTimeout,
        DEFAULT_REVOKES_IN_FLIGHT,
        checkpoints ? DEFAULT_CHECKPOINT_INTERVAL : Duration.ZERO,
        third.compareTo(SHORTEST_STANDSTILL) > 0 ? third : SHORTEST_STANDSTILL);
  }

  boolean checkpoints() {
    return !checkpointInterval.isZero();
  }
}
