package io.sampo.node.maintenance;

import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;

/** How long an operator's questions took. Called on any thread. */
public final class MaintenanceMetrics {
  private final Histogram hashSeconds;
  private final Histogram hashRevisionSeconds;
  private final Histogram defragmentSeconds;
  private final Histogram snapshotSeconds;

  public MaintenanceMetrics(MetricsRegistry registry) {
    hashSeconds =
        registry.histogram(
            "etcd_mvcc_hash_duration_seconds",
            "The latency distribution of storage hash operation.",
            .01,
            2,
            15);
    hashRevisionSeconds =
        registry.histogram(
            "etcd_mvcc_hash_rev_duration_seconds",
            "The latency distribution of storage hash by revision operation.",
            .01,
            2,
            15);
    defragmentSeconds =
        registry.histogram(
            "etcd_disk_backend_defrag_duration_seconds",
            "The latency distribution of backend defragmentation.",
            .1,
            2,
            13);
    snapshotSeconds =
        registry.histogram(
            "etcd_disk_backend_snapshot_duration_seconds",
            "The latency distribution of backend snapshots.",
            .01,
            2,
            17);
  }

  /** A snapshot was sent to a client. */
  void snapshotSent(long nanos) {
    snapshotSeconds.observe(nanos / 1e9);
  }

  /** Everything was hashed. */
  void hashed(long nanos) {
    hashSeconds.observe(nanos / 1e9);
  }

  /** The keys were hashed up to a revision. */
  void hashedUpToRevision(long nanos) {
    hashRevisionSeconds.observe(nanos / 1e9);
  }

  /** A defragmentation was asked for, which takes no time. */
  void defragmented() {
    defragmentSeconds.observe(0);
  }
}
