package io.sampo.node.dispatch;

import java.util.random.RandomGenerator;

/** One generator that many threads may use. */
public final class SharedRandom implements RandomGenerator {
  private final RandomGenerator generator;

  public SharedRandom(RandomGenerator generator) {
    this.generator = generator;
  }

  @Override
  public synchronized long nextLong() {
    return generator.nextLong();
  }
}
