package io.sampo.node.request;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** How requests of clients fare, from here to their answer. Called on any thread. */
public final class RequestMetrics {
  private final LongSupplier nanoTime;
  private final TraceLines traces;
  private final Histogram seconds;
  private final Counter proposalsFailed;
  private final Counter slowReadIndexes;
  private final Counter failedReadIndexes;
  private final Map<String, DistributionDataPoint> succeeded = new ConcurrentHashMap<>();

  /** One whose traces say nothing of the time of day. */
  public RequestMetrics(MetricsRegistry registry, LongSupplier nanoTime, IntSupplier pending) {
    this(registry, nanoTime, pending, new TraceLines(() -> 0));
  }

  /**
   * @param pending how many proposals wait for their result; read when somebody scrapes
   * @param traces of requests that take long
   */
  public RequestMetrics(
      MetricsRegistry registry, LongSupplier nanoTime, IntSupplier pending, TraceLines traces) {
    this.nanoTime = nanoTime;
    this.traces = traces;
    seconds =
        registry.histogram(
            "etcd_server_request_duration_seconds",
            "Response latency distribution in seconds for each type.",
            0.001,
            2,
            14,
            "type",
            "success");
    proposalsFailed =
        registry.counter(
            "etcd_server_proposals_failed_total", "The total number of failed proposals seen.");
    slowReadIndexes =
        registry.counter(
            "etcd_server_slow_read_indexes_total",
            "The total number of pending read indexes not in sync with leader's or timed out read"
                + " index requests.");
    failedReadIndexes =
        registry.counter(
            "etcd_server_read_indexes_failed_total",
            "The total number of failed read indexes seen.");
    registry.gauge(
        "etcd_server_proposals_pending",
        "The current number of pending proposals to commit.",
        pending::getAsInt);
  }

  public TraceLines traces() {
    return traces;
  }

  /** The moment now, for {@link #end}. */
  public long begin() {
    return nanoTime.getAsLong();
  }

  /**
   * A request of this type has its answer.
   *
   * @param type as in {@link RequestName}, or {@code Range} or {@code ReadonlyTxn}
   * @return how long it took, in nanoseconds
   */
  public long end(String type, long begin, boolean success) {
    DistributionDataPoint point =
        success
            ? succeeded.computeIfAbsent(type, each -> seconds.labelValues(each, "true"))
            : seconds.labelValues(type, "false");
    long nanos = nanoTime.getAsLong() - begin;
    point.observe(nanos / 1e9);
    return nanos;
  }

  /** So many proposals had no result in time. */
  public void proposalsExpired(int count) {
    proposalsFailed.inc(count);
  }

  /** The leader was asked again for an index to read at. */
  void readIndexRetried() {
    slowReadIndexes.inc();
  }

  /** The leader gave no index to read at. */
  void readIndexFailed() {
    failedReadIndexes.inc();
  }
}
