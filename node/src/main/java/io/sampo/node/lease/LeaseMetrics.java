package io.sampo.node.lease;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.lease.LeaseEvent;
import java.util.List;

/** What becomes of leases. Called on actor threads, each call one atomic step at most. */
public final class LeaseMetrics {
  private final Counter granted;
  private final Histogram ttl;
  private final Counter revoked;
  private final Counter renewed;
  private final Counter expired;

  public LeaseMetrics(MetricsRegistry registry) {
    granted =
        registry.counter(
            "etcd_debugging_lease_granted_total", "The total number of granted leases.");
    ttl =
        registry.histogram(
            "etcd_debugging_lease_ttl_total", "Bucketed histogram of lease TTLs.", 1, 2, 24);
    revoked =
        registry.counter(
            "etcd_debugging_lease_revoked_total", "The total number of revoked leases.");
    renewed =
        registry.counter(
            "etcd_debugging_lease_renewed_total",
            "The number of renewed leases seen by the leader.");
    expired =
        registry.counter(
            "etcd_debugging_server_lease_expired_total", "The total number of expired leases.");
  }

  /** Grants and revokes were applied, whoever asked for them, that were not before the start. */
  void applied(List<LeaseEvent> events) {
    for (LeaseEvent event : events) {
      if (event instanceof LeaseEvent.Granted one) {
        granted.inc();
        ttl.observe(one.ttlSeconds());
      } else if (event instanceof LeaseEvent.Revoked) {
        revoked.inc();
      }
    }
  }

  void renewed() {
    renewed.inc();
  }

  /** A lease whose time had run out was revoked. */
  void expired() {
    expired.inc();
  }
}
