package io.sampo.node.watch;

import io.prometheus.metrics.core.metrics.Counter;
import io.sampo.node.metrics.MetricsRegistry;
import java.util.concurrent.atomic.LongAdder;

/** What watches count. Called on many threads; each call is one atomic step at most. */
public final class WatchMetrics {
  private final LongAdder streams = new LongAdder();
  private final LongAdder watchers = new LongAdder();
  private final LongAdder slow = new LongAdder();
  private final LongAdder pending = new LongAdder();
  private final Counter events;

  public WatchMetrics(MetricsRegistry registry) {
    events =
        registry.counter(
            "etcd_debugging_mvcc_events_total", "Total number of events sent by this member.");
    registry.gauge(
        "etcd_debugging_mvcc_watch_stream_total", "Total number of watch streams.", streams::sum);
    registry.gauge("etcd_debugging_mvcc_watcher_total", "Total number of watchers.", watchers::sum);
    registry.gauge(
        "etcd_debugging_mvcc_slow_watcher_total",
        "Total number of unsynced slow watchers.",
        slow::sum);
    registry.gauge(
        "etcd_debugging_mvcc_pending_events_total",
        "Total number of pending events to be sent.",
        pending::sum);
  }

  /** Streams came (positive) or went. */
  void streams(int change) {
    streams.add(change);
  }

  /** Watchers came or went. */
  void watchers(int change) {
    watchers.add(change);
  }

  /** Watchers fell behind and read the history, or caught up. */
  void slowWatchers(int change) {
    slow.add(change);
  }

  /** Events are queued for clients, or no longer are. */
  void pendingEvents(long change) {
    pending.add(change);
  }

  /** Events were handed to client streams. */
  void eventsSent(long count) {
    events.inc(count);
  }
}
