package io.sampo.node.server;

import java.util.random.RandomGenerator;

/** One generator that many threads may use. */
final class SharedRandom implements RandomGenerator {
  private final RandomGenerator generator;

  SharedRandom(RandomGenerator generator) {
    this.generator = generator;
  }

  @Override
  public synchronized long nextLong() {
    return generator.nextLong();
  }
}
