package io.sampo.node.maintenance;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.sampo.node.metrics.MetricsRegistry;

/** What the health endpoints found. Called on any thread. */
public final class HealthMetrics {
  private final Counter healthy;
  private final Counter unhealthy;
  private final Gauge lastResult;
  private final Counter checks;

  public HealthMetrics(MetricsRegistry registry) {
    healthy = registry.counter("etcd_server_health_success", "Health checks that succeeded.");
    unhealthy = registry.counter("etcd_server_health_failures", "Health checks that failed.");
    lastResult =
        registry.gauge(
            "etcd_server_healthcheck", "The last result of each health check.", "type", "name");
    checks =
        registry.counter(
            "etcd_server_healthchecks_total",
            "Health checks by name and result.",
            "type",
            "name",
            "status");
  }

  /** {@code /health} was answered. */
  void answered(boolean wasHealthy) {
    (wasHealthy ? healthy : unhealthy).inc();
  }

  /** One check of {@code /livez} or {@code /readyz} was made. */
  void checked(String type, String name, boolean success) {
    lastResult.labelValues(type, name).set(success ? 1 : 0);
    checks.labelValues(type, name, success ? "success" : "error").inc();
  }
}
