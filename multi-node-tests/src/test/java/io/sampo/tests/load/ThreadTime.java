package io.sampo.tests.load;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Processor time of the calling thread. */
final class ThreadTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ThreadTime() {}

  /** In seconds, since the thread began. */
  static double seconds() {
    return THREADS.getCurrentThreadCpuTime() / 1e9;
  }
}
