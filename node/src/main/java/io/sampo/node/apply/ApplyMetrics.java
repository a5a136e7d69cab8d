package io.sampo.node.apply;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.metrics.StoreCounters;
import io.sampo.node.request.RequestName;
import io.sampo.node.request.SlowApplyMetrics;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.StoreOperations;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
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

  /** What etcd calls an operation for which it has no name. */
  private static final String UNKNOWN = "unknown";

  private final LongSupplier currentMillis;
  private final Histogram applySeconds;
  private final SlowApplyMetrics slowApplies;
  private final StoreCounters store;
  private final Counter versionsCompacted;
  private final Gauge alarms;
  private final Histogram commitSeconds;
  private final Histogram indexCompactionPauseMillis;
  private final Histogram compactionPauseMillis;
  private final Histogram compactionTotalMillis;
  private final Gauge lastCompaction;
  private final Gauge installing;
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
            "The latency distributions of v2 apply called by backend.",
            0.0001,
            2,
            20,
            "version",
            "op",
            "success");
    store = registry.storeCounters();
    versionsCompacted =
        registry.counter(
            "etcd_debugging_mvcc_db_compaction_keys_total", "Total number of db keys compacted.");
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
    installing =
        registry.gauge(
            "etcd_server_snapshot_apply_in_progress_total",
            "1 if the server is applying the incoming snapshot. 0 if none.");
    lastCompaction =
        registry.gauge(
            "etcd_debugging_mvcc_db_compaction_last",
            "The unix time of the last db compaction. Resets to 0 on start.");
  }

  /**
   * An entry was applied, which took this long.
   *
   * @param operations what it did to the store
   * @param again whether the log held it at the start. As in etcd it is timed without its name then
   *     and counts as nothing else, as it was counted by the process before.
   */
  void applied(
      InternalRaftRequest request,
      ApplyResult result,
      StoreOperations.Counts operations,
      boolean again,
      long nanos) {
    boolean alarmed = request.hasAlarm() && result.applied() && result.error() == null;
    if (alarmed) {
      count(request.getAlarm(), (AlarmResponse) result.response(), again);
    }
    if (again) {
      observe(UNKNOWN, result, nanos);
      return;
    }
    String operation = request.hasAuthStatus() ? UNKNOWN : RequestName.of(request);
    observe(operation, result, nanos);
    store.ranged(operations.ranges());
    store.put(operations.puts(), operations.putBytes());
    store.deleted(operations.deletes());
    store.transactions(operations.transactions());
    slowApplies.applied(request, result.error() == null ? result.response() : null, nanos);
  }

  /** To find that a revision is compacted already is a success to etcd. */
  private void observe(String operation, ApplyResult result, long nanos) {
    if (result.error() == null || EtcdError.COMPACTED.is(result.error())) {
      succeeded
          .computeIfAbsent(operation, op -> applySeconds.labelValues("v3", op, "true"))
          .observe(nanos / 1e9);
    } else {
      applySeconds.labelValues("v3", operation, "false").observe(nanos / 1e9);
    }
  }

  private void count(AlarmRequest request, AlarmResponse response, boolean again) {
    if (request.getAction() == AlarmRequest.AlarmAction.GET) {
      return;
    }
    boolean raised = request.getAction() == AlarmRequest.AlarmAction.ACTIVATE;
    for (AlarmMember alarm : response.getAlarmsList()) {
      String[] labels = {Long.toHexString(alarm.getMemberID()), alarm.getAlarm().name()};
      if (raised || !again) {
        alarms.labelValues(labels).set(raised ? 1 : 0);
      } else {
        alarms.remove(labels);
      }
    }
  }

  /** A batch was made visible to readers, which took this long. */
  void published(long nanos) {
    commitSeconds.observe(nanos / 1e9);
  }

  /** A slice of a compaction was done. */
  void compactionSlice(long nanos) {
    compactionPauseMillis.observe(nanos / 1e6);
  }

  /**
   * A compaction is complete.
   *
   * @param pauseNanos how long its slices have held up applies
   * @param nanos from its begin to its end
   * @param versions that it has removed
   */
  void compacted(long revision, long versions, long pauseNanos, long nanos) {
    indexCompactionPauseMillis.observe(pauseNanos / 1e6);
    compactionTotalMillis.observe(nanos / 1e6);
    versionsCompacted.inc(versions);
    lastCompaction.set(currentMillis.getAsLong() / 1000.0);
    LOG.atInfo()
        .addKeyValue("compact-revision", revision)
        .addKeyValue("took", Duration.ofNanos(nanos))
        .log("finished scheduled compaction");
  }

  /**
   * @param now whether a leader's state is there that is not durable yet
   */
  void installing(boolean now) {
    installing.set(now ? 1 : 0);
  }
}
