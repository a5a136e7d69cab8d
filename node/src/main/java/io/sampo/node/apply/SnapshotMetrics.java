package io.sampo.node.apply;

import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.persistence.snapshot.SavedSnapshot;

/**
 * How long it takes to write a snapshot. etcd has families for its own ({@code snap_save}) and for
 * the database that a leader sent ({@code snap_db}). Called by the snapshotter only.
 */
public final class SnapshotMetrics {
  private final Histogram marshallingSeconds;
  private final Histogram saveSeconds;
  private final Histogram fsyncSeconds;
  private final Histogram receivedFsyncSeconds;
  private final Histogram receivedSaveSeconds;

  public SnapshotMetrics(MetricsRegistry registry) {
    marshallingSeconds =
        registry.histogram(
            "etcd_debugging_snap_save_marshalling_duration_seconds",
            "The marshalling cost distributions of save called by snapshot.",
            0.001,
            2,
            14);
    saveSeconds =
        registry.histogram(
            "etcd_debugging_snap_save_total_duration_seconds",
            "The total latency distributions of save called by snapshot.",
            0.001,
            2,
            14);
    fsyncSeconds =
        registry.histogram(
            "etcd_snap_fsync_duration_seconds",
            "The latency distributions of fsync called by snap.",
            0.001,
            2,
            14);
    receivedFsyncSeconds =
        registry.histogram(
            "etcd_snap_db_fsync_duration_seconds",
            "The latency distributions of fsyncing .snap.db file",
            0.001,
            2,
            14);
    receivedSaveSeconds =
        registry.histogram(
            "etcd_snap_db_save_total_duration_seconds",
            "The total latency distributions of v3 snapshot save",
            0.1,
            2,
            10);
  }

  /**
   * A snapshot is durable.
   *
   * @param received whether a leader sent the state
   */
  void saved(SavedSnapshot snapshot, boolean received) {
    marshallingSeconds.observe((snapshot.totalNanos() - snapshot.fsyncNanos()) / 1e9);
    fsyncSeconds.observe(snapshot.fsyncNanos() / 1e9);
    saveSeconds.observe(snapshot.totalNanos() / 1e9);
    if (received) {
      receivedFsyncSeconds.observe(snapshot.fsyncNanos() / 1e9);
      receivedSaveSeconds.observe(snapshot.totalNanos() / 1e9);
    }
  }
}
