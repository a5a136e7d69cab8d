package io.sampo.node.watch;

import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.metrics.StoreMetrics;
import java.util.concurrent.atomic.LongAdder;

/** What the watch rooms do, as metrics. */
public final class WatchCounters implements WatchMetrics {
  private final LongAdder streams = new LongAdder();
  private final LongAdder watchers = new LongAdder();
  private final LongAdder slow = new LongAdder();
  private final LongAdder pending = new LongAdder();
  private final StoreMetrics store;

  public WatchCounters(MetricsRegistry registry, StoreMetrics store) {
    this.store = store;
    registry.gauge("etcd_debugging_mvcc_watch_stream_total", "Watch streams.", streams::sum);
    registry.gauge("etcd_debugging_mvcc_watcher_total", "Watchers.", watchers::sum);
    registry.gauge(
        "etcd_debugging_mvcc_slow_watcher_total",
        "Watchers that have fallen behind and read the history.",
        slow::sum);
    registry.gauge(
        "etcd_debugging_mvcc_pending_events_total", "Events queued for clients.", pending::sum);
  }

  @Override
  public void streams(int change) {
    streams.add(change);
  }

  @Override
  public void watchers(int change) {
    watchers.add(change);
  }

  @Override
  public void slowWatchers(int change) {
    slow.add(change);
  }

  @Override
  public void pendingEvents(long change) {
    pending.add(change);
  }

  @Override
  public void eventsSent(long count) {
    store.events.inc(count);
  }
}
