package io.sampo.node.metrics;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.MemoryUsage;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * What the garbage collections so far tell: their pauses, and the heap before and after each. The
 * JVM says it after each collection on a thread of its own, which is a few numbers to note; between
 * collections this costs nothing. Times are those of a collector that stops the node for all it
 * does, as the launcher's does, in whole milliseconds.
 */
final class Collections implements NotificationListener {

  /** Of how many collections the quantiles are; those of Go's client are of as many. */
  static final int REMEMBERED = 256;

  private static final double MILLIS_PER_SECOND = 1e3;

  private final Set<String> heapPools;
  private final double[] pausesSeconds = new double[REMEMBERED];
  private long count;
  private double sumSeconds;
  private double longestSeconds;
  private long endMillis;
  private long allocatedBytes;
  private long usedAfterBytes;
  private long allocatedTotal;

  /**
   * @param heapPools the names of the memory pools that are the heap
   */
  Collections(Set<String> heapPools) {
    this.heapPools = heapPools;
  }

  /** The numbers at one moment: see the families of the same names. */
  record Summary(long count, double sumSeconds, double longestSeconds, long endMillis) {}

  @Override
  public void handleNotification(Notification notification, Object handback) {
    if (notification.getUserData() instanceof CompositeData data
        && notification
            .getType()
            .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      GcInfo info = GarbageCollectionNotificationInfo.from(data).getGcInfo();
      collected(
          info.getDuration(),
          info.getEndTime(),
          heapBytes(info.getMemoryUsageBeforeGc()),
          heapBytes(info.getMemoryUsageAfterGc()));
    }
  }

  private long heapBytes(Map<String, MemoryUsage> pools) {
    return pools.entrySet().stream()
        .filter(pool -> heapPools.contains(pool.getKey()))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }

  /**
   * A collection ended.
   *
   * @param endMillis since the start of the JVM
   */
  synchronized void collected(long pauseMillis, long endMillis, long before, long after) {
    double seconds = pauseMillis / MILLIS_PER_SECOND;
    pausesSeconds[(int) (count % REMEMBERED)] = seconds;
    count++;
    sumSeconds += seconds;
    longestSeconds = Math.max(longestSeconds, seconds);
    this.endMillis = endMillis;
    allocatedBytes += Math.max(0, before - usedAfterBytes);
    usedAfterBytes = after;
  }

  synchronized Summary summary() {
    return new Summary(count, sumSeconds, longestSeconds, endMillis);
  }

  /** Of the last collections; NaN before the first. */
  synchronized double quantile(double rank) {
    int known = (int) Math.min(count, REMEMBERED);
    if (known == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(pausesSeconds, known);
    Arrays.sort(sorted);
    return sorted[(int) ((known - 1) * rank)];
  }

  /**
   * All that was ever allocated; it never shrinks.
   *
   * @param usedBytes of the heap now
   */
  synchronized double allocatedTotal(long usedBytes) {
    allocatedTotal =
        Math.max(allocatedTotal, allocatedBytes + Math.max(0, usedBytes - usedAfterBytes));
    return allocatedTotal;
  }
}
