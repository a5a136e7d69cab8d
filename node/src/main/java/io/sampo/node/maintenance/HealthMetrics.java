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
    healthy =
        registry.counter(
            "etcd_server_health_success", "The total number of successful health checks");
    unhealthy =
        registry.counter("etcd_server_health_failures", "The total number of failed health checks");
    lastResult =
        registry.gauge(
            "etcd_server_healthcheck", "The result of each kind of healthcheck.", "type", "name");
    checks =
        registry.counter(
            "etcd_server_healthchecks_total",
            "The total number of each kind of healthcheck.",
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
