package io.sampo.tests.sim.kernel;

import com.typesafe.config.Config;
import java.io.Closeable;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/** Pekko's scheduler on virtual time; named in the settings, so Pekko makes it. */
public final class SimScheduler extends AbstractScheduler implements Closeable {
  private static final double MAX_FREQUENCY = 1e9;

  private final SimProcess process = SimProcess.starting();

  /** The constructor that Pekko looks for. */
  public SimScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {}

  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable work, ExecutionContext executor) {
    return process.schedule(delay.toNanos(), work, executor);
  }

  @Override
  @Deprecated
  public Cancellable schedule(
      FiniteDuration initialDelay,
      FiniteDuration interval,
      Runnable work,
      ExecutionContext executor) {
    return scheduleWithFixedDelay(initialDelay, interval, work, executor);
  }

  @Override
  public double maxFrequency() {
    return MAX_FREQUENCY;
  }

  /** Timers die with their process. */
  @Override
  public void close() {}
}
