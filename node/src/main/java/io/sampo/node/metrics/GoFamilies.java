package io.sampo.node.metrics;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.core.metrics.SummaryWithCallback;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;

/**
 * The {@code go_*} families that dashboards of etcd draw, each with what is its like in a JVM. What
 * a JVM does not know is 0. All but {@link Collections} is read when somebody scrapes.
 */
final class GoFamilies {
  private static final double[] QUANTILES = {0, 0.25, 0.5, 0.75, 1};
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final int BYTES_PER_KIB = 1 << 10;

  private final MetricsRegistry registry;
  private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
  private final List<BufferPoolMXBean> buffers =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
  private final Collections collections =
      new Collections(
          pools.stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP)
              .map(MemoryPoolMXBean::getName)
              .collect(Collectors.toUnmodifiableSet()));

  private GoFamilies(MetricsRegistry registry) {
    this.registry = registry;
  }

  static void register(MetricsRegistry registry) {
    GoFamilies families = new GoFamilies(registry);
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(families.collections, null, null);
      }
    }
    families.runtime();
    families.pauses();
    families.heap();
    families.otherMemory();
    families.unknown();
  }

  private void runtime() {
    Info.builder()
        .name("go_info")
        .help("The Java runtime, in the place of Go's.")
        .labelNames("version")
        .register(registry.library())
        .setLabelValues("java" + Runtime.version());
    registry.gauge(
        "go_goroutines",
        "Java threads that live.",
        () -> ManagementFactory.getThreadMXBean().getThreadCount());
    registry.gauge(
        "go_threads",
        "Threads of the process, those of the JVM itself included.",
        () -> LinuxProcess.threads(LinuxProcess.STATUS_OF_THIS));
    registry.gauge(
        "go_sched_gomaxprocs_threads",
        "Processors that the JVM sees.",
        Runtime.getRuntime()::availableProcessors);
    registry.gauge(
        "go_gc_gomemlimit_bytes",
        "The most that the heap may become.",
        Runtime.getRuntime()::maxMemory);
    double free = option("MaxHeapFreeRatio");
    registry.gauge(
        "go_gc_gogc_percent",
        "How much more heap than what lives the JVM keeps: MaxHeapFreeRatio as a part of it.",
        () -> 100 * free / (100 - free));
  }

  private void pauses() {
    SummaryWithCallback.builder()
        .name("go_gc_duration_seconds")
        .help("Pauses of the garbage collector; the quantiles are of the last 256.")
        .callback(
            callback -> {
              Collections.Summary now = collections.summary();
              callback.call(now.count(), now.sumSeconds(), quantiles());
            })
        .register(registry.library());
    registry.gauge(
        "sampo_gc_longest_pause_seconds",
        "The longest pause of the garbage collector since the start.",
        () -> collections.summary().longestSeconds());
    double startMillis = ManagementFactory.getRuntimeMXBean().getStartTime();
    registry.gauge(
        "go_memstats_last_gc_time_seconds",
        "Unix time of the end of the last garbage collection; 0 before the first.",
        () -> {
          Collections.Summary now = collections.summary();
          return now.count() == 0 ? 0 : (startMillis + now.endMillis()) / MILLIS_PER_SECOND;
        });
  }

  private Quantiles quantiles() {
    List<Quantile> quantiles = new ArrayList<>();
    for (double rank : QUANTILES) {
      quantiles.add(new Quantile(rank, collections.quantile(rank)));
    }
    return Quantiles.of(quantiles);
  }

  private void heap() {
    for (String name : new String[] {"alloc", "heap_alloc", "heap_inuse"}) {
      registry.gauge(
          "go_memstats_" + name + "_bytes",
          "Heap in use, garbage that is not collected yet included.",
          () -> usage().getUsed());
    }
    registry.gauge(
        "go_memstats_heap_sys_bytes",
        "Heap that the JVM has of the system.",
        () -> usage().getCommitted());
    registry.gauge(
        "go_memstats_heap_idle_bytes",
        "Heap that the JVM has and does not use.",
        () -> {
          MemoryUsage now = usage();
          return now.getCommitted() - now.getUsed();
        });
    registry.gauge(
        "go_memstats_next_gc_bytes",
        "Heap in use when Eden will be full and is collected.",
        () -> heapPools(GoFamilies::beforeCollection));
    registry.counter(
        "go_memstats_alloc_bytes_total",
        "Bytes allocated on the heap so far.",
        () -> collections.allocatedTotal(usage().getUsed()));
  }

  private static MemoryUsage usage() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
  }

  private double heapPools(ToLongFunction<MemoryPoolMXBean> bytes) {
    return pools.stream().filter(it -> it.getType() == MemoryType.HEAP).mapToLong(bytes).sum();
  }

  private static long beforeCollection(MemoryPoolMXBean pool) {
    MemoryUsage usage = pool.getUsage();
    return pool.getName().contains("Eden") ? usage.getCommitted() : usage.getUsed();
  }

  private void otherMemory() {
    pool("mspan", "Metaspace", "Metaspace, which describes the classes of what is on the heap");
    pool("mcache", "Code", "the code cache");
    long stackBytes = (long) option("ThreadStackSize") * BYTES_PER_KIB;
    for (String name : new String[] {"stack_inuse", "stack_sys"}) {
      registry.gauge(
          "go_memstats_" + name + "_bytes",
          "Address space for the stacks of Java threads that live.",
          () -> stacks(stackBytes));
    }
    registry.gauge("go_memstats_other_sys_bytes", "Direct and mapped buffers.", this::bufferBytes);
    registry.gauge(
        "go_memstats_sys_bytes",
        "The sum of the other go_memstats_*_sys_bytes.",
        () ->
            usage().getCommitted()
                + nonHeap("Metaspace", MemoryUsage::getCommitted)
                + nonHeap("Code", MemoryUsage::getCommitted)
                + stacks(stackBytes)
                + bufferBytes());
  }

  private void pool(String name, String pool, String what) {
    registry.gauge(
        "go_memstats_" + name + "_inuse_bytes",
        "Used of " + what + ".",
        () -> nonHeap(pool, MemoryUsage::getUsed));
    registry.gauge(
        "go_memstats_" + name + "_sys_bytes",
        "Obtained from the system for " + what + ".",
        () -> nonHeap(pool, MemoryUsage::getCommitted));
  }

  private double nonHeap(String name, ToLongFunction<MemoryUsage> bytes) {
    return pools.stream()
        .filter(pool -> pool.getType() == MemoryType.NON_HEAP && pool.getName().startsWith(name))
        .mapToLong(pool -> bytes.applyAsLong(pool.getUsage()))
        .sum();
  }

  private static double stacks(long stackBytes) {
    return (double) stackBytes * ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private double bufferBytes() {
    return buffers.stream().mapToLong(BufferPoolMXBean::getTotalCapacity).sum();
  }

  /** A JVM counts no objects, and gives memory back without telling how much. */
  private void unknown() {
    String none = "Always 0: a JVM does not count this.";
    registry.gauge("go_memstats_heap_objects", none, () -> 0);
    registry.counter("go_memstats_mallocs_total", none, () -> 0);
    registry.counter("go_memstats_frees_total", none, () -> 0);
    registry.gauge("go_memstats_heap_released_bytes", none, () -> 0);
    registry.gauge("go_memstats_buck_hash_sys_bytes", none, () -> 0);
    registry.gauge("go_memstats_gc_sys_bytes", none, () -> 0);
  }

  private static double option(String name) {
    HotSpotDiagnosticMXBean hotSpot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return Double.parseDouble(hotSpot.getVMOption(name).getValue());
  }
}
