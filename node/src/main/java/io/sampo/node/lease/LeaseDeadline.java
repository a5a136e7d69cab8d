package io.sampo.node.lease;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Until when a lease lives, on the leader. Its session decides when that is over, and who renews
 * does so on any thread: of a renewal and an end that meet, one sees the other.
 */
final class LeaseDeadline {
  private static final long MILLIS_PER_SECOND = 1000;

  private final LeaseClock clock;
  private final long ttlSeconds;

  /** Milliseconds by the clock; while nobody may renew, its complement, which is negative. */
  private final AtomicLong millis;

  /**
   * @param millis by the clock, never negative
   */
  LeaseDeadline(LeaseClock clock, long ttlSeconds, long millis) {
    this.clock = clock;
    this.ttlSeconds = ttlSeconds;
    this.millis = new AtomicLong(millis);
  }

  /** The granted time, in seconds. */
  long ttlSeconds() {
    return ttlSeconds;
  }

  long millis() {
    return plain(millis.get());
  }

  private static long plain(long encoded) {
    return encoded < 0 ? ~encoded : encoded;
  }

  /** Milliseconds until then, below 0 if it has come. */
  long remainingMillis() {
    return millis() - clock.nowMillis();
  }

  /** Whether it has come. */
  boolean isReached() {
    return remainingMillis() <= 0;
  }

  /**
   * The lease lives for its whole time from now; false if that was not done, because the deadline
   * has come or nobody may renew.
   */
  boolean renew() {
    while (true) {
      // In this order: a renewal never takes from what another has promised.
      long before = millis.get();
      long now = clock.nowMillis();
      if (before < 0 || now >= before) {
        return false;
      }
      if (millis.compareAndSet(before, now + ttlSeconds * MILLIS_PER_SECOND)) {
        return true;
      }
    }
  }

  /** Nobody may renew from now on. */
  void close() {
    millis.updateAndGet(encoded -> encoded < 0 ? encoded : ~encoded);
  }

  /** As {@link #close}, but only if the deadline has come; false if it has not. */
  boolean closeIfReached() {
    while (true) {
      long before = millis.get();
      if (clock.nowMillis() < plain(before)) {
        return false;
      }
      if (before < 0 || millis.compareAndSet(before, ~before)) {
        return true;
      }
    }
  }

  /** Renewals are allowed again, until the deadline. */
  void open() {
    millis.updateAndGet(LeaseDeadline::plain);
  }
}
