package io.sampo.tests.abuse;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.ProcessFigures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Looks at a server's memory and processor time every 50 ms, from its creation until it is closed.
 */
final class ServerMonitor implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final double WINDOW_SECONDS = 1;

  private final ProcessFigures process;
  private final double secondsBefore;
  private final double megabytesBefore;
  private final Thread thread;

  /** Those of the last second; used by the thread only. */
  private final Deque<Sample> samples = new ArrayDeque<>();

  private volatile boolean ended;
  private volatile double peakMegabytes;
  private volatile double leastCpuShare = Double.POSITIVE_INFINITY;

  private record Sample(double seconds, double cpuSeconds) {}

  /**
   * @param pid of a process that runs
   */
  ServerMonitor(long pid) throws IOException {
    process = new ProcessFigures(pid);
    secondsBefore = process.cpuSeconds();
    megabytesBefore = process.residentMegabytes();
    peakMegabytes = megabytesBefore;
    thread = new Thread(this::run, "memory of " + pid);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!ended) {
        peakMegabytes = Math.max(peakMegabytes, process.residentMegabytes());
        sampleCpu();
        Await.pause(INTERVAL);
      }
    } catch (IOException processEnded) {
      ended = true;
    }
  }

  private void sampleCpu() throws IOException {
    Sample now = new Sample(System.nanoTime() / 1e9, process.cpuSeconds());
    samples.addLast(now);
    Sample first = samples.getFirst();
    double length = now.seconds() - first.seconds();
    if (length >= WINDOW_SECONDS) {
      samples.removeFirst();
      leastCpuShare = Math.min(leastCpuShare, (now.cpuSeconds() - first.cpuSeconds()) / length);
    }
  }

  /**
   * Of one processor, in the second in which the server used least; infinite before one has passed.
   * A server that is still being compiled has quiet seconds; a loop without a pause has none.
   */
  double leastCpuShare() {
    return leastCpuShare;
  }

  double megabytesBefore() {
    return megabytesBefore;
  }

  double peakMegabytes() {
    return peakMegabytes;
  }

  /** Resident at the moment; not a number if the process has ended. */
  double megabytes() {
    try {
      return process.residentMegabytes();
    } catch (IOException processEnded) {
      return Double.NaN;
    }
  }

  /** Processor time since this began; not a number if the process has ended. */
  double cpuSeconds() {
    try {
      return process.cpuSeconds() - secondsBefore;
    } catch (IOException processEnded) {
      return Double.NaN;
    }
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
