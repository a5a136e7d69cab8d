package io.sampo.node.lease;

/** What the lessor counts; called on actor threads, each call one atomic step at most. */
public interface LeaseMetrics {
  /** Counts nothing. */
  LeaseMetrics NONE = new LeaseMetrics() {};

  default void granted(long ttlSeconds) {}

  default void revoked() {}

  default void renewed() {}

  /** A lease whose time had run out was revoked. */
  default void expired() {}
}
