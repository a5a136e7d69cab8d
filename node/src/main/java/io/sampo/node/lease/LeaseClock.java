package io.sampo.node.lease;

import java.util.function.LongSupplier;

/** Milliseconds since the start, from a monotonic clock of nanoseconds. */
final class LeaseClock {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LongSupplier nanoTime;
  private final long startNanos;

  LeaseClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  long nowMillis() {
    return (nanoTime.getAsLong() - startNanos) / NANOS_PER_MILLI;
  }
}
