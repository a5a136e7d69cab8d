package io.sampo.node.kv;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import java.util.function.LongSupplier;

/** Counts and times the reads of ranges. Called on any thread. */
public final class RangeMetrics {
  private final LongSupplier nanoTime;
  private final Counter ranges;
  private final Histogram seconds;

  public RangeMetrics(MetricsRegistry registry, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    ranges =
        registry.counter("etcd_mvcc_range_total", "Total number of ranges seen by this member.");
    seconds =
        registry.histogram(
            "etcd_server_range_duration_seconds",
            "The latency distributions of txn.Range",
            0.0001,
            2,
            20,
            "success");
  }

  /** A read begins; what is returned is handed to {@link #end}. */
  long begin() {
    return nanoTime.getAsLong();
  }

  void end(long begin, boolean success) {
    ranges.inc();
    seconds.labelValues(String.valueOf(success)).observe((nanoTime.getAsLong() - begin) / 1e9);
  }
}
