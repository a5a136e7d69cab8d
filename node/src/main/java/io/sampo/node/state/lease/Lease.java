package io.sampo.node.state.lease;

/**
 * A lease as the log knows it.
 *
 * @param id any number but 0; etcd accepts negative ones
 * @param ttlSeconds the granted time to live
 * @param remainingSeconds what was left at the last checkpoint; 0 if there was none since the last
 *     renewal
 * @param keys the keys that go when the lease goes
 */
public record Lease(long id, long ttlSeconds, long remainingSeconds, KeySet keys) {

  /** The time to live with which a new leader starts: the checkpointed one if there is one. */
  public long effectiveSeconds() {
    return remainingSeconds > 0 ? remainingSeconds : ttlSeconds;
  }

  Lease attach(byte[] key) {
    return new Lease(id, ttlSeconds, remainingSeconds, keys.with(key));
  }

  Lease detach(byte[] key) {
    return new Lease(id, ttlSeconds, remainingSeconds, keys.without(key));
  }

  Lease checkpoint(long remaining) {
    return new Lease(id, ttlSeconds, remaining, keys);
  }
}
