package io.sampo.node.server;

import io.sampo.node.lease.LeaseMetrics;
import io.sampo.node.metrics.NodeMetrics;

/** What the lessor does, as metrics; grants and revokes are counted where they are applied. */
record LeaseCounters(NodeMetrics metrics) implements LeaseMetrics {
  @Override
  public void renewed() {
    metrics.store().leasesRenewed.inc();
  }

  @Override
  public void expired() {
    metrics.server().leasesExpired.inc();
  }
}
