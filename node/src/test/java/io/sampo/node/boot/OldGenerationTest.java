package io.sampo.node.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class OldGenerationTest {
  private static final long MIB = 1 << 20;

  private long used;
  private long threshold;
  private int collections;

  private final MemoryPoolMXBean pool =
      (MemoryPoolMXBean)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {MemoryPoolMXBean.class},
              (proxy, method, arguments) -> {
                switch (method.getName()) {
                  case "getUsage":
                    return new MemoryUsage(0, used, 8_000 * MIB, 8_000 * MIB);
                  case "setUsageThreshold":
                    threshold = (Long) arguments[0];
                    return null;
                  default:
                    throw new UnsupportedOperationException(method.getName());
                }
              });

  @Test
  void whenOldObjectsReachTheLimitTheyAreCollectedAndMayGrowToTwiceWhatLives() {
    used = 900 * MIB;
    OldGeneration old =
        new OldGeneration(
            pool,
            () -> {
              collections++;
              used = 300 * MIB;
            });
    old.on(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED);
    assertEquals(0, collections);
    old.on(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED);
    assertEquals(1, collections);
    assertEquals(600 * MIB, threshold);
  }

  @Test
  void theLimitIsAtLeastTheFloorAndAtMostThePool() {
    assertEquals(OldGeneration.FLOOR_BYTES, OldGeneration.limit(10 * MIB, -1));
    assertEquals(100 * MIB, OldGeneration.limit(10 * MIB, 100 * MIB));
    assertEquals(1_000 * MIB, OldGeneration.limit(800 * MIB, 1_000 * MIB));
  }
}
