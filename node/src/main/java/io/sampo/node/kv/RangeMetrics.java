package io.sampo.node.kv;

import com.google.protobuf.Message;
import io.prometheus.metrics.core.metrics.Histogram;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.metrics.StoreCounters;
import io.sampo.node.request.SlowApplyMetrics;
import java.util.function.LongSupplier;

/** Counts and times the reads of ranges. Called on any thread. */
public final class RangeMetrics {
  private final LongSupplier nanoTime;
  private final StoreCounters store;
  private final SlowApplyMetrics slow;
  private final Histogram seconds;

  /**
   * @param slow told of every read
   */
  public RangeMetrics(MetricsRegistry registry, LongSupplier nanoTime, SlowApplyMetrics slow) {
    this.nanoTime = nanoTime;
    this.slow = slow;
    store = registry.storeCounters();
    seconds =
        registry.histogram(
            "etcd_server_range_duration_seconds",
            "The latency distributions of txn.Range",
            0.0001,
            2,
            20,
            "success");
  }

  /** A read has its answer, or the failure, which took this long from its coming. */
  void answered(Message request, Object answer, Throwable failure, long nanos) {
    slow.read(request, answer, failure, nanos);
  }

  /** A read begins; what is returned is handed to {@link #end}. */
  long begin() {
    return nanoTime.getAsLong();
  }

  /**
   * A transaction that only reads was done.
   *
   * @param count of ranges, the comparisons among them
   */
  void transaction(int count) {
    store.rangedTogether(count);
  }

  /** It is over, now. */
  long end(long begin, boolean success) {
    store.ranged(1);
    long now = nanoTime.getAsLong();
    seconds.labelValues(String.valueOf(success)).observe((now - begin) / 1e9);
    return now;
  }
}
