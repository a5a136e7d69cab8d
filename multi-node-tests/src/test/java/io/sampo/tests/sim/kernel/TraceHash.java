package io.sampo.tests.sim.kernel;

/** Folds everything that happens into one number: two runs of a seed must end with the same. */
public final class TraceHash {
  private static final long PRIME = 0x100000001b3L;

  private long value = 0xcbf29ce484222325L;

  public void add(long next) {
    value = (value ^ next) * PRIME;
    value ^= value >>> 29;
  }

  public void add(byte[] bytes) {
    for (byte next : bytes) {
      add(next);
    }
  }

  public void add(String text) {
    for (int i = 0; i < text.length(); i++) {
      add(text.charAt(i));
    }
  }

  public long value() {
    return value;
  }
}
