package io.sampo.node.lease;

import io.sampo.node.metrics.NodeMetrics;

/** What the lessor does, as metrics; grants and revokes are counted where they are applied. */
public record LeaseCounters(NodeMetrics metrics) implements LeaseMetrics {
  @Override
  public void renewed() {
    metrics.store().leasesRenewed.inc();
  }

  @Override
  public void expired() {
    metrics.server().leasesExpired.inc();
  }
}
