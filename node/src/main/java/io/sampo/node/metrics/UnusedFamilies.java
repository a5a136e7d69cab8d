package io.sampo.node.metrics;

/**
 * Families that every etcd process shows from its first second although nothing in it moves them:
 * the v2 store's, the gRPC proxy's, bbolt's inner timings, and what Sampo does not count.
 * Dashboards and tests expect the names.
 */
public final class UnusedFamilies {
  private UnusedFamilies() {}

  public static void register(MetricsRegistry registry) {
    registry.gauge(
        "etcd_grpc_proxy_watchers_coalescing_total", "Total number of current watchers coalescing");
    registry.counter(
        "etcd_grpc_proxy_events_coalescing_total", "Total number of events coalescing");
    registry.gauge("etcd_grpc_proxy_cache_keys_total", "Total number of keys/ranges cached");
    registry.gauge("etcd_grpc_proxy_cache_hits_total", "Total number of cache hits");
    registry.gauge("etcd_grpc_proxy_cache_misses_total", "Total number of cache misses");
    registry.counter("etcd_debugging_store_expires_total", "Total number of expired keys.");
    registry.counter(
        "etcd_debugging_store_watch_requests_total",
        "Total number of incoming watch requests (new or reestablished).");
    registry.gauge("etcd_debugging_store_watchers", "Count of currently active watchers.");
    for (String step : new String[] {"rebalance", "spill", "write"}) {
      registry.histogram(
          "etcd_debugging_disk_backend_commit_" + step + "_duration_seconds",
          "The latency distributions of commit." + step + " called by bboltdb backend.",
          0.001,
          2,
          14);
    }
    registry.gauge(
        "etcd_disk_defrag_inflight",
        "Whether or not defrag is active on the member. 1 means active, 0 means not.");
    sendLoop(
        registry,
        "watch_stream_duration",
        "The total duration in seconds of running through the send loop watch stream response"
            + " all events.");
    sendLoop(
        registry,
        "watch_stream_duration_per_event",
        "The average duration in seconds of running through the send loop watch stream response,"
            + " per event.");
    sendLoop(
        registry,
        "control_stream_duration",
        "The total duration in seconds of running through the send loop control stream response.");
    sendLoop(
        registry,
        "progress_duration",
        "The total duration in seconds of running through the progress loop control stream"
            + " response.");
  }

  private static void sendLoop(MetricsRegistry registry, String loop, String help) {
    registry.histogram(
        "etcd_debugging_server_watch_send_loop_" + loop + "_seconds", help, 0.001, 2, 14);
  }
}
