package io.sampo.node.apply;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.request.RequestName;
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

  private final long warningNanos;
  private final LongSupplier currentMillis;
  private final Histogram applySeconds;
  private final Counter slowApplies;
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
   * @param warningNanos {@code --warning-apply-duration}
   * @param currentMillis the wall clock
   */
  public ApplyMetrics(MetricsRegistry registry, long warningNanos, LongSupplier currentMillis) {
    this.warningNanos = warningNanos;
    this.currentMillis = currentMillis;
    applySeconds =
        registry.histogram(
            "etcd_server_apply_duration_seconds",
            "The latency distributions of v2 apply called by backend.",
            0.0001,
            2,
            20,
            "version",
            "op",
            "success");
    slowApplies =
        registry.counter(
            "etcd_server_slow_apply_total",
            "The total number of slow apply requests (likely overloaded from slow disk).");
    puts = registry.counter("etcd_mvcc_put_total", "Total number of puts seen by this member.");
    putBytes =
        registry.gauge(
            "etcd_debugging_mvcc_total_put_size_in_bytes",
            "The total size of put kv pairs seen by this member.");
    deletes =
        registry.counter("etcd_mvcc_delete_total", "Total number of deletes seen by this member.");
    txns = registry.counter("etcd_mvcc_txn_total", "Total number of txns seen by this member.");
    alarms =
        registry.gauge(
            "etcd_debugging_server_alarms",
            "Alarms for every member in cluster. 1 for 'server_id' label with current ID. 2 for"
                + " 'alarm_type' label with type of this alarm",
            "server_id",
            "alarm_type");
    commitSeconds =
        registry.histogram(
            "etcd_disk_backend_commit_duration_seconds",
            "The latency distributions of commit called by backend.",
            0.001,
            2,
            14);
    indexCompactionPauseMillis =
        registry.histogram(
            "etcd_debugging_mvcc_index_compaction_pause_duration_milliseconds",
            "Bucketed histogram of index compaction pause duration.",
            0.5,
            2,
            14);
    compactionPauseMillis =
        registry.histogram(
            "etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds",
            "Bucketed histogram of db compaction pause duration.",
            1,
            2,
            13);
    compactionTotalMillis =
        registry.histogram(
            "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds",
            "Bucketed histogram of db compaction total duration.",
            100,
            2,
            14);
    lastCompaction =
        registry.gauge(
            "etcd_debugging_mvcc_db_compaction_last",
            "The unix time of the last db compaction. Resets to 0 on start.");
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
    if (nanos > warningNanos) {
      slowApplies.inc();
      LOG.atWarn()
          .addKeyValue("took", Duration.ofNanos(nanos))
          .addKeyValue("expected-duration", Duration.ofNanos(warningNanos))
          .addKeyValue("prefix", "")
          .addKeyValue("request", operation)
          .addKeyValue("response", response(result))
          .log("apply request took too long");
    }
  }

  private static String response(ApplyResult result) {
    return result.error() != null || result.response() == null
        ? ""
        : "size:" + result.response().getSerializedSize();
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
