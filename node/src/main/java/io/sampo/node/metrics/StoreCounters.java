package io.sampo.node.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;

/**
 * The families that count each operation on the store by itself, whether a request of its own asked
 * for it or a transaction did. Those who apply and those who read count in them; on any thread.
 */
public final class StoreCounters {
  private final Counter ranges;
  private final Counter puts;
  private final Gauge putBytes;
  private final Counter deletes;
  private final Counter transactions;

  StoreCounters(MetricsRegistry registry) {
    ranges =
        registry.counter("etcd_mvcc_range_total", "Total number of ranges seen by this member.");
    puts = registry.counter("etcd_mvcc_put_total", "Total number of puts seen by this member.");
    putBytes =
        registry.gauge(
            "etcd_debugging_mvcc_total_put_size_in_bytes",
            "The total size of put kv pairs seen by this member.");
    deletes =
        registry.counter("etcd_mvcc_delete_total", "Total number of deletes seen by this member.");
    transactions =
        registry.counter("etcd_mvcc_txn_total", "Total number of txns seen by this member.");
  }

  /** So many ranges were read. */
  public void ranged(long count) {
    ranges.inc(count);
  }

  /** So many ranges were read as one step: a transaction if there were more than one. */
  public void rangedTogether(long count) {
    ranges.inc(count);
    transactions.inc(count > 1 ? 1 : 0);
  }

  /** So many puts, of so many bytes of keys and values. */
  public void put(long count, long bytes) {
    puts.inc(count);
    putBytes.inc(bytes);
  }

  /** So many deletions, whatever they found. */
  public void deleted(long count) {
    deletes.inc(count);
  }

  /** So many steps of more than one operation. */
  public void transactions(long count) {
    transactions.inc(count);
  }
}
