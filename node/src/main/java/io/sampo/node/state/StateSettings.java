package io.sampo.node.state;

import io.sampo.protocol.error.SendLimit;

/**
 * What applying depends on besides the log; has to be alike on every member, as etcd's flags of the
 * same meaning have to be.
 *
 * @param minLeaseTtlSeconds a shorter time to live is raised to this: etcd takes one and a half
 *     election timeouts, rounded up, which is 2 with default timing
 * @param quotaBytes 0 for etcd's default of 2 GiB, below 0 for no quota
 * @param maxLearners how many learners the cluster may have
 * @param sendLimit of a transaction's answer; may differ, for what was done does not depend on it
 */
public record StateSettings(
    long minLeaseTtlSeconds, long quotaBytes, int maxLearners, SendLimit sendLimit) {
  /** etcd's defaults. */
  public static final StateSettings DEFAULT = new StateSettings(2, 0, 1);

  public StateSettings(long minLeaseTtlSeconds, long quotaBytes, int maxLearners) {
    this(minLeaseTtlSeconds, quotaBytes, maxLearners, SendLimit.ETCD);
  }
}
