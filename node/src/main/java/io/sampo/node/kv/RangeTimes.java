package io.sampo.node.kv;

import io.sampo.node.metrics.NodeMetrics;
import java.util.function.LongSupplier;

/** Counts ranges and how long they take. */
public final class RangeTimes implements RangeListener {
  private final NodeMetrics metrics;
  private final LongSupplier nanoTime;

  public RangeTimes(NodeMetrics metrics, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  @Override
  public long begin() {
    return nanoTime.getAsLong();
  }

  @Override
  public void end(long begin, boolean success) {
    metrics.store().ranges.inc();
    metrics
        .server()
        .rangeSeconds
        .labelValues(String.valueOf(success))
        .observe((nanoTime.getAsLong() - begin) / 1e9);
  }
}
