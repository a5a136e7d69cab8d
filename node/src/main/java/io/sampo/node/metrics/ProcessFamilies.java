package io.sampo.node.metrics;

import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** The families of the process and of its JVM, read when somebody scrapes. */
public final class ProcessFamilies {
  private ProcessFamilies() {}

  public static void register(MetricsRegistry registry) {
    ProcessMetrics.builder().register(registry.library());
    LinuxProcess.OF_THIS.register(registry);
    GoFamilies.register(registry);
    JvmMemoryMetrics.builder().register(registry.library());
    JvmGarbageCollectorMetrics.builder().register(registry.library());
    JvmThreadsMetrics.builder().register(registry.library());
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
      registry.gauge(
          "os_fd_used", "The number of used file descriptors.", unix::getOpenFileDescriptorCount);
      registry.gauge("os_fd_limit", "The file descriptor limit.", unix::getMaxFileDescriptorCount);
    }
  }
}
