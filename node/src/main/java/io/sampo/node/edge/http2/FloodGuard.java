package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ConnectionError;

/**
 * Notices who sends frames that cost us more than them and bring nothing: each takes from an
 * account that fills by itself. Who overdraws it is told to calm down (RFC 9113, section 10.5).
 */
final class FloodGuard {
  static final int RESET = 4;
  static final int SETTINGS = 100;
  static final int PING = 10;
  static final int EMPTY_DATA = 10;
  static final int WINDOW_UPDATE = 1;
  static final int OTHER = 4;

  /** Ten thousand window updates, 2,500 resets, 1,000 pings or 100 settings at once. */
  private static final int CAPACITY = 10_000;

  /** One each millisecond times four: 1,000 resets or 4,000 window updates a second. */
  private static final long NANOS_PER_POINT = 250_000;

  private int points = CAPACITY;
  private long filledAtNanos;

  FloodGuard(long nowNanos) {
    this.filledAtNanos = nowNanos;
  }

  /**
   * A frame has come.
   *
   * @param nowNanos grows, but need not be exact
   * @throws ConnectionError if it was one too many
   */
  void spend(int cost, long nowNanos) {
    points -= cost;
    if (points < 0) {
      refill(nowNanos);
    }
    if (points < 0) {
      throw ConnectionError.calm("too_many_frames");
    }
  }

  private void refill(long nowNanos) {
    long more = (nowNanos - filledAtNanos) / NANOS_PER_POINT;
    filledAtNanos = nowNanos;
    points = (int) Math.min(CAPACITY, points + Math.max(0, more));
  }

  /** DATA was sent: some window updates will follow, and are welcome. */
  void earn(int more) {
    points = Math.min(CAPACITY, points + more);
  }
}
