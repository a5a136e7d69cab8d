package io.sampo.node.raft;

import io.sampo.node.metrics.StoreMetrics;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes {@code etcd_disk_wal_*}: each write is one batch, durable when it is answered. */
public final class LogWriteTimes implements RaftCounters.WriteListener {
  private static final Logger LOG = LoggerFactory.getLogger(LogWriteTimes.class);

  /** etcd warns of what takes longer. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  private final StoreMetrics metrics;
  private final LongSupplier nanoTime;
  private final Runnable onFirstDurable;
  private boolean somethingDurable;
  private long begun;

  /**
   * @param onFirstDurable called once, on Raft's thread, when the first write is durable; must be
   *     quick
   */
  public LogWriteTimes(StoreMetrics metrics, LongSupplier nanoTime, Runnable onFirstDurable) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.onFirstDurable = onFirstDurable;
  }

  @Override
  public void begun(long bytes) {
    begun = nanoTime.getAsLong();
    metrics.walBytes.inc(bytes);
  }

  @Override
  public void durable() {
    if (!somethingDurable) {
      somethingDurable = true;
      onFirstDurable.run();
    }
    long nanos = nanoTime.getAsLong() - begun;
    if (nanos > SLOW.toNanos()) {
      LOG.atWarn()
          .addKeyValue("took", Duration.ofNanos(nanos))
          .addKeyValue("expected-duration", SLOW)
          .log("slow fdatasync");
    }
    double seconds = nanos / 1e9;
    metrics.walFsyncSeconds.observe(seconds);
    metrics.walWriteSeconds.observe(seconds);
  }
}
