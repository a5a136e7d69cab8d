package io.sampo.node.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;

/** The {@code etcd_mvcc_*}, lease and disk families. */
public final class StoreMetrics {
  public final Counter ranges;
  public final Counter puts;
  public final Counter deletes;
  public final Counter txns;
  public final Gauge putBytes;
  public final Counter events;
  public final Histogram hashSeconds;
  public final Histogram hashRevisionSeconds;
  public final Histogram indexCompactionPauseMillis;
  public final Histogram compactionPauseMillis;
  public final Histogram compactionTotalMillis;
  public final Counter compactedKeys;
  public final Gauge lastCompaction;
  public final Counter leasesGranted;
  public final Counter leasesRevoked;
  public final Counter leasesRenewed;
  public final Histogram leaseTtl;
  public final Histogram walFsyncSeconds;
  public final Histogram walWriteSeconds;
  public final Gauge walBytes;
  public final Histogram commitSeconds;
  public final Histogram snapshotSeconds;
  public final Histogram snapshotFsyncSeconds;
  public final Histogram snapshotSaveSeconds;
  public final Histogram defragSeconds;

  public StoreMetrics(MetricsRegistry registry) {
    ranges = registry.counter("etcd_mvcc_range_total", "Ranges read by this member.");
    puts = registry.counter("etcd_mvcc_put_total", "Puts applied by this member.");
    deletes = registry.counter("etcd_mvcc_delete_total", "Deletes applied by this member.");
    txns = registry.counter("etcd_mvcc_txn_total", "Transactions applied by this member.");
    putBytes =
        registry.gauge("etcd_debugging_mvcc_total_put_size_in_bytes", "Bytes of all puts applied.");
    events = registry.counter("etcd_debugging_mvcc_events_total", "Watch events sent.");
    hashSeconds =
        registry.histogram("etcd_mvcc_hash_duration_seconds", "Time to hash it all.", .01, 2, 15);
    hashRevisionSeconds =
        registry.histogram(
            "etcd_mvcc_hash_rev_duration_seconds", "Time to hash up to a revision.", .01, 2, 15);
    indexCompactionPauseMillis =
        registry.histogram(
            "etcd_debugging_mvcc_index_compaction_pause_duration_milliseconds",
            "How long a compaction held up applies.",
            0.5,
            2,
            14);
    compactionPauseMillis =
        registry.histogram(
            "etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds",
            "Length of one slice of a compaction.",
            1,
            2,
            13);
    compactionTotalMillis =
        registry.histogram(
            "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds",
            "Length of a compaction from begin to end.",
            100,
            2,
            14);
    compactedKeys =
        registry.counter(
            "etcd_debugging_mvcc_db_compaction_keys_total", "Versions removed by compactions.");
    lastCompaction =
        registry.gauge(
            "etcd_debugging_mvcc_db_compaction_last", "Unix time of the last compaction.");
    leasesGranted = registry.counter("etcd_debugging_lease_granted_total", "Leases granted.");
    leasesRevoked = registry.counter("etcd_debugging_lease_revoked_total", "Leases revoked.");
    leasesRenewed = registry.counter("etcd_debugging_lease_renewed_total", "Leases renewed.");
    leaseTtl =
        registry.histogram("etcd_debugging_lease_ttl_total", "TTLs of leases granted.", 1, 2, 24);
    walFsyncSeconds =
        registry.histogram(
            "etcd_disk_wal_fsync_duration_seconds",
            "Time until a batch of the log is durable.",
            0.001,
            2,
            14);
    walWriteSeconds =
        registry.histogram(
            "etcd_disk_wal_write_duration_seconds",
            "Time to write a batch of the log, its fsync included.",
            0.001,
            2,
            14);
    walBytes = registry.gauge("etcd_disk_wal_write_bytes_total", "Bytes written to the log.");
    commitSeconds =
        registry.histogram(
            "etcd_disk_backend_commit_duration_seconds",
            "Time to publish a batch of applied entries to readers.",
            0.001,
            2,
            14);
    snapshotSeconds =
        registry.histogram(
            "etcd_disk_backend_snapshot_duration_seconds",
            "Time to send a snapshot to a client.",
            .01,
            2,
            17);
    snapshotFsyncSeconds =
        registry.histogram(
            "etcd_snap_db_fsync_duration_seconds", "Time to sync a snapshot file.", 0.001, 2, 14);
    snapshotSaveSeconds =
        registry.histogram(
            "etcd_snap_db_save_total_duration_seconds", "Time to save a snapshot.", 0.1, 2, 10);
    defragSeconds =
        registry.histogram(
            "etcd_disk_backend_defrag_duration_seconds", "Time of a defragmentation.", .1, 2, 13);
  }
}
