package io.sampo.tests.faults.network;

/** The way from one member to another, shared by all connections. Of the network's thread only. */
final class Link {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private LinkState state = LinkState.OPEN;

  /** A slow link is busy until then. */
  private long freeAtNanos = Long.MIN_VALUE;

  void become(LinkState newState) {
    state = newState;
    freeAtNanos = Long.MIN_VALUE;
  }

  boolean isCut() {
    return state.mode() == LinkState.Mode.CUT;
  }

  boolean isHeld() {
    return state.mode() == LinkState.Mode.HOLD;
  }

  long delayNanos() {
    return state.delay().toNanos();
  }

  /** When the next byte may go at the earliest. */
  long freeAtNanos() {
    return freeAtNanos;
  }

  /** How many bytes may go at once. */
  int burst() {
    return state.bytesPerSecond() == 0
        ? Integer.MAX_VALUE
        : Math.max(1, state.bytesPerSecond() / 100);
  }

  void passed(int bytes, long nowNanos) {
    if (state.bytesPerSecond() > 0) {
      freeAtNanos =
          Math.max(nowNanos, freeAtNanos) + bytes * NANOS_PER_SECOND / state.bytesPerSecond();
    }
  }
}
