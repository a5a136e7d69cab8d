package io.sampo.node.boot;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import javax.management.NotificationEmitter;

/**
 * Bounds the garbage among old objects. Java's serial collector lets their part of the heap grow to
 * its maximum (a share of the machine's memory) before it looks at them; here they are collected
 * when they are twice what was live the last time. Other collectors have a rule of their own.
 */
final class OldGeneration {
  /** Below this, a collection would cost more than the memory is worth. */
  static final long FLOOR_BYTES = 256L << 20;

  private static final String SERIAL_COLLECTORS = "Tenured Gen";

  private final MemoryPoolMXBean pool;
  private final Runnable collect;

  OldGeneration(MemoryPoolMXBean pool, Runnable collect) {
    this.pool = pool;
    this.collect = collect;
  }

  /** Begins to watch, if the serial collector runs. */
  static void watch() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP && pool.getName().equals(SERIAL_COLLECTORS)) {
        OldGeneration old = new OldGeneration(pool, System::gc);
        old.allow(0);
        ((NotificationEmitter) ManagementFactory.getMemoryMXBean())
            .addNotificationListener((event, pools) -> old.on(event.getType()), null, null);
      }
    }
  }

  /** On the thread that tells notifications. */
  void on(String event) {
    if (event.equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED)) {
      collect.run();
      allow(pool.getUsage().getUsed());
    }
  }

  private void allow(long liveBytes) {
    MemoryUsage usage = pool.getUsage();
    pool.setUsageThreshold(limit(liveBytes, usage.getMax()));
  }

  /**
   * How far old objects may grow.
   *
   * @param maxBytes the pool's maximum, -1 if it has none
   */
  static long limit(long liveBytes, long maxBytes) {
    long limit = Math.max(FLOOR_BYTES, 2 * liveBytes);
    return maxBytes < 0 ? limit : Math.min(limit, maxBytes);
  }
}
