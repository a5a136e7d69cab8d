package io.sampo.tests.process;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for a condition of the outside world, with a deadline; the only place that sleeps. */
public final class Await {

  private Await() {}

  /**
   * Returns as soon as the condition holds.
   *
   * @param onTimeout what the error says if it does not within the limit
   */
  public static void until(
      Duration limit, Supplier<String> onTimeout, Callable<Boolean> condition) {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > deadlineNanos) {
        throw new AssertionError("not within " + limit + ": " + onTimeout.get());
      }
      pause();
    }
  }

  private static boolean holds(Callable<Boolean> condition) {
    try {
      return condition.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause() {
    pause(Duration.ofMillis(5));
  }

  /** Does nothing for so long: for loads and faults, whose length is meant. */
  public static void pause(Duration length) {
    try {
      Thread.sleep(length.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
