package io.sampo.node.apply;

import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.PublishedState;
import io.sampo.protocol.key.KeyRange;

/** The families that say what the store holds, read of the published state at a scrape. */
public final class StoreFamilies {
  private static final KeyRange ALL_KEYS = KeyRange.of(new byte[0], new byte[] {0});

  private StoreFamilies() {}

  /**
   * @param quotaBytes the storage quota in bytes
   */
  public static void register(MetricsRegistry registry, PublishedState state, long quotaBytes) {
    registry.gauge(
        "etcd_server_proposals_applied_total",
        "The total number of consensus proposals applied.",
        () -> state.get().appliedIndex());
    registry.gauge(
        "etcd_server_quota_backend_bytes",
        "Current backend storage quota size in bytes.",
        () -> quotaBytes);
    registry.gauge(
        "etcd_mvcc_db_total_size_in_bytes",
        "Total size of the underlying database physically allocated in bytes.",
        () -> state.get().sizeBytes());
    registry.gauge(
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "Total size of the underlying database logically in use in bytes.",
        () -> state.get().sizeBytes());
    registry.gauge(
        "etcd_mvcc_db_open_read_transactions",
        "The number of currently open read transactions",
        () -> 0);
    registry.gauge(
        "etcd_debugging_mvcc_current_revision",
        "The current revision of store.",
        () -> state.keys().revision());
    registry.gauge(
        "etcd_debugging_mvcc_compact_revision",
        "The revision of the last compaction in store.",
        () -> state.keys().compactRevision());
    registry.gauge(
        "etcd_debugging_mvcc_keys_total",
        "Total number of keys.",
        () -> state.keys().count(ALL_KEYS));
    registry.gauge(
        "etcd_debugging_auth_revision",
        "The current revision of auth store.",
        () -> state.get().auth().revision());
  }
}
