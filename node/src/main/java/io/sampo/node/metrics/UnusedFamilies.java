package io.sampo.node.metrics;

/**
 * Families that every etcd process shows from its first second although nothing in it moves them:
 * the v2 store's, the gRPC proxy's, bbolt's inner timings, and what Sampo does not count.
 * Dashboards and tests expect the names.
 */
public final class UnusedFamilies {
  private UnusedFamilies() {}

  public static void register(MetricsRegistry registry) {
    String proxy = "Kept for etcd's dashboards: Sampo runs no gRPC proxy in this process.";
    registry.gauge("etcd_grpc_proxy_watchers_coalescing_total", proxy);
    registry.counter("etcd_grpc_proxy_events_coalescing_total", proxy);
    registry.gauge("etcd_grpc_proxy_cache_keys_total", proxy);
    registry.gauge("etcd_grpc_proxy_cache_hits_total", proxy);
    registry.gauge("etcd_grpc_proxy_cache_misses_total", proxy);
    String v2 = "Kept for etcd's dashboards: Sampo has no v2 store.";
    registry.counter("etcd_debugging_store_expires_total", v2);
    registry.counter("etcd_debugging_store_watch_requests_total", v2);
    registry.gauge("etcd_debugging_store_watchers", v2);
    String bbolt = "Kept for etcd's dashboards: the store is in memory and has no such step.";
    for (String step : new String[] {"rebalance", "spill", "write"}) {
      registry.histogram(
          "etcd_debugging_disk_backend_commit_" + step + "_duration_seconds", bbolt, 0.001, 2, 14);
    }
    registry.histogram(
        "etcd_debugging_snap_save_marshalling_duration_seconds", bbolt, 0.001, 2, 14);
    registry.histogram("etcd_debugging_snap_save_total_duration_seconds", bbolt, 0.001, 2, 14);
    registry.histogram("etcd_snap_fsync_duration_seconds", bbolt, 0.001, 2, 14);
    registry.counter(
        "etcd_debugging_mvcc_db_compaction_keys_total", "Versions removed by compactions.");
    registry.histogram(
        "etcd_disk_backend_snapshot_duration_seconds",
        "Time to send a snapshot to a client.",
        .01,
        2,
        17);
    registry.gauge("etcd_disk_defrag_inflight", "1 while a defragmentation runs.");
    registry.gauge(
        "etcd_server_snapshot_apply_in_progress_total", "1 while a leader's snapshot is applied.");
    for (String loop :
        new String[] {
          "watch_stream_duration",
          "watch_stream_duration_per_event",
          "control_stream_duration",
          "progress_duration"
        }) {
      registry.histogram(
          "etcd_debugging_server_watch_send_loop_" + loop + "_seconds",
          "Kept for etcd's dashboards: watch sessions have no send loop.",
          0.001,
          2,
          14);
    }
  }
}
