package io.sampo.node.apply;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.request.RequestName;
import io.sampo.node.request.SlowApplyMetrics;
import io.sampo.node.state.ApplyResult;
import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and times what is applied and compacted, and speaks up about slow applies. Called by the
 * applier only.
 */
public final class ApplyMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(ApplyMetrics.class);

  private final SlowApplyMetrics slowApplies;
  private final LongSupplier currentMillis;
  private final Histogram applySeconds;
  private final Counter puts;
  private final Gauge putBytes;
  private final Counter deletes;
  private final Counter txns;
  private final Gauge alarms;
  private final Histogram commitSeconds;
  private final Histogram indexCompactionPauseMillis;
  private final Histogram compactionPauseMillis;
  private final Histogram compactionTotalMillis;
  private final Gauge lastCompaction;
  private final Map<String, DistributionDataPoint> succeeded = new HashMap<>();

  /**
   * @param slowApplies told of every one
   * @param currentMillis the wall clock
   */
  public ApplyMetrics(
      MetricsRegistry registry, SlowApplyMetrics slowApplies, LongSupplier currentMillis) {
    this.slowApplies = slowApplies;
    this.currentMillis = currentMillis;
    applySeconds =
        registry.histogram(
            "etcd_server_apply_duration_seconds",
            "Time to apply one request to the store.",
            0.0001,
            2,
            20,
            "version",
            "op",
            "success");
    puts = registry.counter("etcd_mvcc_put_total", "Puts applied by this member.");
    putBytes =
        registry.gauge("etcd_debugging_mvcc_total_put_size_in_bytes", "Bytes of all puts applied.");
    deletes = registry.counter("etcd_mvcc_delete_total", "Deletes applied by this member.");
    txns = registry.counter("etcd_mvcc_txn_total", "Transactions applied by this member.");
    alarms =
        registry.gauge("etcd_debugging_server_alarms", "Alarms raised.", "server_id", "alarm_type");
    commitSeconds =
        registry.histogram(
            "etcd_disk_backend_commit_duration_seconds",
            "Time to publish a batch of applied entries to readers.",
            0.001,
            2,
            14);
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
    lastCompaction =
        registry.gauge(
            "etcd_debugging_mvcc_db_compaction_last", "Unix time of the last compaction.");
  }

  /** An entry was applied, which took this long. */
  void applied(InternalRaftRequest request, ApplyResult result, long nanos) {
    String operation = RequestName.of(request);
    if (result.error() == null) {
      succeeded
          .computeIfAbsent(operation, op -> applySeconds.labelValues("v3", op, "true"))
          .observe(nanos / 1e9);
    } else {
      applySeconds.labelValues("v3", operation, "false").observe(nanos / 1e9);
    }
    if (result.applied() && result.error() == null) {
      count(request, result);
    }
    slowApplies.applied(request, result.error() == null ? result.response() : null, nanos);
  }

  private void count(InternalRaftRequest request, ApplyResult result) {
    if (request.hasPut()) {
      PutRequest put = request.getPut();
      puts.inc();
      putBytes.inc(put.getKey().size() + put.getValue().size());
    } else if (request.hasDeleteRange()) {
      deletes.inc();
    } else if (request.hasTxn()) {
      txns.inc();
    } else if (request.hasAlarm()) {
      count(request.getAlarm(), (AlarmResponse) result.response());
    }
  }

  private void count(AlarmRequest request, AlarmResponse response) {
    if (request.getAction() == AlarmRequest.AlarmAction.GET) {
      return;
    }
    boolean raised = request.getAction() == AlarmRequest.AlarmAction.ACTIVATE;
    for (AlarmMember alarm : response.getAlarmsList()) {
      alarms
          .labelValues(Long.toHexString(alarm.getMemberID()), alarm.getAlarm().name())
          .set(raised ? 1 : 0);
    }
  }

  /** A batch was made visible to readers, which took this long. */
  void published(long nanos) {
    commitSeconds.observe(nanos / 1e9);
  }

  /** A slice of a compaction was done. */
  void compactionSlice(long nanos) {
    compactionPauseMillis.observe(nanos / 1e6);
    indexCompactionPauseMillis.observe(nanos / 1e6);
  }

  /** A compaction is complete. */
  void compacted(long revision, long nanos) {
    compactionTotalMillis.observe(nanos / 1e6);
    lastCompaction.set(currentMillis.getAsLong() / 1000.0);
    LOG.atInfo()
        .addKeyValue("compact-revision", revision)
        .addKeyValue("took", Duration.ofNanos(nanos))
        .log("finished scheduled compaction");
  }
}
