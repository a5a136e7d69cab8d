package io.sampo.tests.load;

import java.util.Arrays;

/**
 * The answers of one run.
 *
 * @param seconds from the first counted answer's window to the last
 * @param latencyNanos sorted, one per answer
 * @param refused calls that the server had too many of
 */
public record LoadResult(double seconds, long[] latencyNanos, long refused) {

  LoadResult(double seconds, long[] latencies, int count, long refused) {
    this(seconds, sorted(latencies, count), refused);
  }

  private static long[] sorted(long[] latencies, int count) {
    long[] copy = Arrays.copyOf(latencies, count);
    Arrays.sort(copy);
    return copy;
  }

  public int count() {
    return latencyNanos.length;
  }

  public double perSecond() {
    return count() / seconds;
  }

  /**
   * The latency that the given share (0.5, 0.99) of the answers did not exceed, in milliseconds.
   */
  public double quantileMillis(double share) {
    if (latencyNanos.length == 0) {
      return Double.NaN;
    }
    int index = (int) Math.min(latencyNanos.length - 1L, (long) (share * latencyNanos.length));
    return latencyNanos[index] / 1e6;
  }
}
