package io.sampo.node.watch;

/** What the watch rooms count, called from many threads; each call is one atomic step at most. */
public interface WatchMetrics {
  /** Counts nothing. */
  WatchMetrics NONE = new WatchMetrics() {};

  /** Streams came (positive) or went. */
  default void streams(int change) {}

  /** Watchers came or went. */
  default void watchers(int change) {}

  /** Watchers fell behind and read the history, or caught up. */
  default void slowWatchers(int change) {}

  /** Events are queued for clients, or no longer are. */
  default void pendingEvents(long change) {}

  /** Events were handed to client streams. */
  default void eventsSent(long count) {}
}
