package io.sampo.node.raft;

import io.sampo.node.metrics.StoreMetrics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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
  private final CompletableFuture<Void> somethingDurable = new CompletableFuture<>();
  private long begun;

  public LogWriteTimes(StoreMetrics metrics, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  @Override
  public void begun(long bytes) {
    begun = nanoTime.getAsLong();
    metrics.walBytes.inc(bytes);
  }

  /** Completes with the first write that is durable; completed on Raft's thread. */
  public CompletableFuture<Void> somethingDurable() {
    return somethingDurable;
  }

  @Override
  public void durable() {
    somethingDurable.complete(null);
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
