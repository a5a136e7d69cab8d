package io.sampo.node.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;

/** The {@code etcd_server_*} families: leadership, proposals, reads, applies, health, identity. */
public final class ServerMetrics {
  public final Counter proposalsFailed;
  public final Counter slowApplies;
  public final Counter slowReadIndexes;
  public final Counter failedReadIndexes;
  public final Counter lateHeartbeats;
  public final Counter leasesExpired;
  public final Histogram applySeconds;
  public final Histogram rangeSeconds;
  public final Histogram requestSeconds;
  public final Counter healthSuccess;
  public final Counter healthFailures;
  public final Gauge healthCheck;
  public final Counter healthChecks;
  public final Gauge alarms;

  public ServerMetrics(MetricsRegistry registry) {
    proposalsFailed =
        registry.counter("etcd_server_proposals_failed_total", "Proposals that failed.");
    slowApplies =
        registry.counter(
            "etcd_server_slow_apply_total",
            "Applies that took longer than --warning-apply-duration.");
    slowReadIndexes =
        registry.counter(
            "etcd_server_slow_read_indexes_total",
            "Read barriers that had to be asked for again or timed out.");
    failedReadIndexes =
        registry.counter("etcd_server_read_indexes_failed_total", "Read barriers that failed.");
    lateHeartbeats =
        registry.counter(
            "etcd_server_heartbeat_send_failures_total",
            "Heartbeats that this member, leading, sent too late.");
    leasesExpired =
        registry.counter("etcd_debugging_server_lease_expired_total", "Leases whose time ran out.");
    applySeconds =
        registry.histogram(
            "etcd_server_apply_duration_seconds",
            "Time to apply one request to the store.",
            0.0001,
            2,
            20,
            "version",
            "op",
            "success");
    rangeSeconds =
        registry.histogram(
            "etcd_server_range_duration_seconds",
            "Time to read a range from the store.",
            0.0001,
            2,
            20,
            "success");
    requestSeconds =
        registry.histogram(
            "etcd_server_request_duration_seconds",
            "Time from a request to its answer.",
            0.001,
            2,
            14,
            "type",
            "success");
    healthSuccess = registry.counter("etcd_server_health_success", "Health checks that succeeded.");
    healthFailures = registry.counter("etcd_server_health_failures", "Health checks that failed.");
    healthCheck =
        registry.gauge(
            "etcd_server_healthcheck", "The last result of each health check.", "type", "name");
    healthChecks =
        registry.counter(
            "etcd_server_healthchecks_total",
            "Health checks by name and result.",
            "type",
            "name",
            "status");
    alarms =
        registry.gauge("etcd_debugging_server_alarms", "Alarms raised.", "server_id", "alarm_type");
  }
}
