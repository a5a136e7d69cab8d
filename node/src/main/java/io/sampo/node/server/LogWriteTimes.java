package io.sampo.node.server;

import io.sampo.node.metrics.StoreMetrics;
import io.sampo.node.raft.RaftCounters;
import java.util.function.LongSupplier;

/** Observes {@code etcd_disk_wal_*}: each write is one batch, durable when it is answered. */
final class LogWriteTimes implements RaftCounters.WriteListener {
  private final StoreMetrics metrics;
  private final LongSupplier nanoTime;
  private long begun;

  LogWriteTimes(StoreMetrics metrics, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  @Override
  public void begun(long bytes) {
    begun = nanoTime.getAsLong();
    metrics.walBytes.inc(bytes);
  }

  @Override
  public void durable() {
    double seconds = (nanoTime.getAsLong() - begun) / 1e9;
    metrics.walFsyncSeconds.observe(seconds);
    metrics.walWriteSeconds.observe(seconds);
  }
}
