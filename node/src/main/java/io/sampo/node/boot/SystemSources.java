package io.sampo.node.boot;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The one place where the real clock and real randomness enter. Everything else is given them, so
 * that a simulator can give others.
 *
 * @param nanoTime monotonic, in nanoseconds, of no known origin
 * @param currentMillis the wall clock, in milliseconds since 1970
 * @param newRandom a generator of its own for each caller, that one thread may use
 * @param secrets a generator for any thread, whose past does not give its future away: what nobody
 *     may guess is made of it
 */
public record SystemSources(
    LongSupplier nanoTime,
    LongSupplier currentMillis,
    Supplier<RandomGenerator> newRandom,
    Supplier<RandomGenerator> secrets) {

  /** The machine's. */
  public static SystemSources real() {
    SecureRandom seeds = new SecureRandom();
    return new SystemSources(
        System::nanoTime,
        System::currentTimeMillis,
        () -> new SplittableRandom(seeds.nextLong()),
        () -> seeds);
  }
}
