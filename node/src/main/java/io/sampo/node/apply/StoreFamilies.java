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
        "The index applied last.",
        () -> state.get().appliedIndex());
    registry.gauge(
        "etcd_server_quota_backend_bytes", "The storage quota in bytes.", () -> quotaBytes);
    registry.gauge(
        "etcd_mvcc_db_total_size_in_bytes",
        "The logical size of the store, history included.",
        () -> state.get().sizeBytes());
    registry.gauge(
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "The same: there are no free pages.",
        () -> state.get().sizeBytes());
    registry.gauge(
        "etcd_mvcc_db_open_read_transactions",
        "Always 0: a reader takes an immutable view.",
        () -> 0);
    registry.gauge(
        "etcd_debugging_mvcc_current_revision",
        "The store's revision.",
        () -> state.keys().revision());
    registry.gauge(
        "etcd_debugging_mvcc_compact_revision",
        "The revision of the last compaction.",
        () -> state.keys().compactRevision());
    registry.gauge(
        "etcd_debugging_mvcc_keys_total", "Keys in the store.", () -> state.keys().count(ALL_KEYS));
    registry.gauge(
        "etcd_debugging_auth_revision",
        "The revision of the auth store.",
        () -> state.get().auth().revision());
  }
}
