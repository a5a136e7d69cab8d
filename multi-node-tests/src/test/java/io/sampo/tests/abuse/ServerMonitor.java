package io.sampo.tests.abuse;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.ProcessFigures;
import java.io.IOException;
import java.time.Duration;

/** Looks at a server's memory every 50 ms, from its creation until it is closed. */
final class ServerMonitor implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final ProcessFigures process;
  private final double secondsBefore;
  private final double megabytesBefore;
  private final Thread thread;
  private volatile boolean ended;
  private volatile double peakMegabytes;

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
        Await.pause(INTERVAL);
      }
    } catch (IOException processEnded) {
      ended = true;
    }
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
