package io.sampo.node.apply;

import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.persistence.snapshot.SavedSnapshot;

/** How long it takes to write a snapshot. Called by the snapshotter only. */
public final class SnapshotMetrics {
  private final Histogram fsyncSeconds;
  private final Histogram saveSeconds;

  public SnapshotMetrics(MetricsRegistry registry) {
    fsyncSeconds =
        registry.histogram(
            "etcd_snap_db_fsync_duration_seconds",
            "The latency distributions of fsyncing .snap.db file",
            0.001,
            2,
            14);
    saveSeconds =
        registry.histogram(
            "etcd_snap_db_save_total_duration_seconds",
            "The total latency distributions of v3 snapshot save",
            0.1,
            2,
            10);
  }

  void saved(SavedSnapshot snapshot) {
    fsyncSeconds.observe(snapshot.fsyncNanos() / 1e9);
    saveSeconds.observe(snapshot.totalNanos() / 1e9);
  }
}
