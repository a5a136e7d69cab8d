package io.sampo.node.request;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of requests, unique in a cluster across restarts, as etcd makes them (pkg/idutil): two bytes
 * of the member's id, five bytes of the start's time in milliseconds, one byte that counts; the
 * counter runs over into the time, which real time outruns.
 */
public final class RequestIds {
  private static final int TIME_BITS = 40;
  private static final int COUNTER_BITS = 8;

  private final long prefix;
  private final AtomicLong suffix;

  public RequestIds(long memberId, long startMillis) {
    prefix = (memberId & 0xffff) << (TIME_BITS + COUNTER_BITS);
    suffix = new AtomicLong((startMillis & ((1L << TIME_BITS) - 1)) << COUNTER_BITS);
  }

  /** The next id, any 64-bit value but 0. */
  public long next() {
    return prefix | (suffix.incrementAndGet() & ((1L << (TIME_BITS + COUNTER_BITS)) - 1));
  }
}
