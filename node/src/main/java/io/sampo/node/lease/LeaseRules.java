package io.sampo.node.lease;

import io.sampo.protocol.error.EtcdError;
import java.time.Duration;
import java.util.function.LongSupplier;

/** etcd's arithmetic of lease ids and times to live. */
public final class LeaseRules {
  /** The longest time to live, in seconds. */
  public static final long MAX_TTL_SECONDS = 9_000_000_000L;

  private LeaseRules() {}

  /**
   * The shortest time to live that is granted, in seconds: one and a half elections, rounded up, so
   * that no lease can run out while a leader is being elected.
   */
  public static long minTtlSeconds(int electionTicks, Duration heartbeat) {
    Duration shortest = heartbeat.multipliedBy(3L * electionTicks / 2);
    return shortest.getSeconds() + (shortest.getNano() > 0 ? 1 : 0);
  }

  /**
   * @throws io.sampo.protocol.error.EtcdException LEASE_TTL_TOO_LARGE
   */
  public static void checkTtl(long ttlSeconds) {
    if (ttlSeconds > MAX_TTL_SECONDS) {
      throw EtcdError.LEASE_TTL_TOO_LARGE.exception();
    }
  }

  /** The id that the client asked for or, if it left that open, a positive one from the source. */
  public static long chooseId(long requested, LongSupplier ids) {
    long id = requested;
    while (id == 0) {
      id = ids.getAsLong() & Long.MAX_VALUE;
    }
    return id;
  }
}
