package io.sampo.node.apply;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.sampo.node.metrics.NodeMetrics;
import io.sampo.node.request.RequestName;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.CompactionStarted;
import io.sampo.node.state.lease.LeaseEvent;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.node.state.mvcc.KeyHash;
import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts, times and hashes what is applied, and speaks up about slow applies. */
public final class ApplyMetrics implements ApplyListener {
  private static final Logger LOG = LoggerFactory.getLogger(ApplyMetrics.class);

  private final NodeMetrics metrics;
  private final HashStorage hashes;
  private final Executor blocking;
  private final long warningNanos;
  private final LongSupplier currentMillis;
  private final Map<String, DistributionDataPoint> succeeded = new HashMap<>();

  /**
   * @param blocking where the hashes of compactions are computed
   */
  public ApplyMetrics(
      NodeMetrics metrics,
      HashStorage hashes,
      long warningNanos,
      LongSupplier currentMillis,
      Executor blocking) {
    this.hashes = hashes;
    this.blocking = blocking;
    this.metrics = metrics;
    this.warningNanos = warningNanos;
    this.currentMillis = currentMillis;
  }

  @Override
  public void applied(InternalRaftRequest request, ApplyResult result, long nanos) {
    String operation = RequestName.of(request);
    if (result.error() == null) {
      succeeded
          .computeIfAbsent(
              operation, op -> metrics.server().applySeconds.labelValues("v3", op, "true"))
          .observe(nanos / 1e9);
    } else {
      metrics.server().applySeconds.labelValues("v3", operation, "false").observe(nanos / 1e9);
    }
    if (result.applied() && result.error() == null) {
      count(request, result);
    }
    result.leaseEvents().forEach(this::count);
    if (nanos > warningNanos) {
      metrics.server().slowApplies.inc();
      LOG.atWarn()
          .addKeyValue("took", java.time.Duration.ofNanos(nanos))
          .addKeyValue("expected-duration", java.time.Duration.ofNanos(warningNanos))
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
      metrics.store().puts.inc();
      metrics.store().putBytes.inc(put.getKey().size() + put.getValue().size());
    } else if (request.hasDeleteRange()) {
      metrics.store().deletes.inc();
    } else if (request.hasTxn()) {
      metrics.store().txns.inc();
    }
    if (request.getAlarm().getAction() == AlarmRequest.AlarmAction.GET) {
      return;
    }
    boolean raised = request.getAlarm().getAction() == AlarmRequest.AlarmAction.ACTIVATE;
    for (AlarmMember alarm : ((AlarmResponse) result.response()).getAlarmsList()) {
      metrics
          .server()
          .alarms
          .labelValues(Long.toHexString(alarm.getMemberID()), alarm.getAlarm().name())
          .set(raised ? 1 : 0);
    }
  }

  private void count(LeaseEvent event) {
    if (event instanceof LeaseEvent.Granted granted) {
      metrics.store().leasesGranted.inc();
      metrics.store().leaseTtl.observe(granted.ttlSeconds());
    } else if (event instanceof LeaseEvent.Revoked) {
      metrics.store().leasesRevoked.inc();
    }
  }

  @Override
  public void published(long nanos) {
    metrics.store().commitSeconds.observe(nanos / 1e9);
  }

  @Override
  public void compactionSlice(long nanos) {
    metrics.store().compactionPauseMillis.observe(nanos / 1e6);
    metrics.store().indexCompactionPauseMillis.observe(nanos / 1e6);
  }

  @Override
  public void compactionStarted(CompactionStarted compaction) {
    if (compaction.hashable()) {
      blocking.execute(
          () -> hashes.store(KeyHash.ofCompaction(compaction.before(), compaction.revision())));
    }
  }

  @Override
  public void compacted(long revision, long nanos) {
    metrics.store().compactionTotalMillis.observe(nanos / 1e6);
    metrics.store().lastCompaction.set(currentMillis.getAsLong() / 1000.0);
    LOG.atInfo()
        .addKeyValue("compact-revision", revision)
        .addKeyValue("took", java.time.Duration.ofNanos(nanos))
        .log("finished scheduled compaction");
  }
}
