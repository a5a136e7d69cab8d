package io.sampo.tests.sim.kernel;

import java.lang.reflect.Field;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pekko draws the uids of actors from this thread's {@link ThreadLocalRandom}; they are the hash
 * codes of references, and with them the order in which watchers hear of an end. It cannot be given
 * another source, so this one is seeded by force; the JVM has to run with {@code --add-opens
 * java.base/java.lang=ALL-UNNAMED}.
 */
final class PekkoRandom {
  private static final Field SEED = field();

  private PekkoRandom() {}

  private static Field field() {
    try {
      Field field = Thread.class.getDeclaredField("threadLocalRandomSeed");
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "the simulator needs --add-opens java.base/java.lang=ALL-UNNAMED", e);
    }
  }

  static void reseed(long seed) {
    ThreadLocalRandom.current(); // Initializes this thread's field.
    try {
      SEED.setLong(Thread.currentThread(), seed);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
