package io.sampo.node.edge.http2;

/**
 * Pings a client that is silent, and counts the strikes of one that pings too often, by the rules
 * of grpc-go's server transport (1.82.1).
 */
final class KeepAlive {
  private static final int MAX_STRIKES = 2;
  private static final long MIN_WITHOUT_STREAMS_NANOS = 2 * 3_600_000_000_000L;

  private final Http2Settings.KeepAliveSettings settings;
  private long lastReadNanos;
  private long seenReadNanos;
  private boolean pinged;
  private long waitLeftNanos;
  private long lastPingNanos;
  private boolean wasPinged;
  private int strikes;
  private boolean forgiven;

  KeepAlive(Http2Settings.KeepAliveSettings settings, long nowNanos) {
    this.settings = settings;
    this.lastReadNanos = nowNanos;
    this.seenReadNanos = nowNanos;
  }

  /** Something came from the client. */
  void onRead(long nowNanos) {
    lastReadNanos = nowNanos;
  }

  /** Headers or data went to the client: its next ping may measure them. */
  void onSent() {
    forgiven = true;
  }

  /**
   * The client pings.
   *
   * @return whether it does so too often
   */
  boolean onPing(boolean hasStreams, long nowNanos) {
    long since = nowNanos - lastPingNanos;
    boolean first = !wasPinged;
    wasPinged = true;
    lastPingNanos = nowNanos;
    if (forgiven) {
      forgiven = false;
      strikes = 0;
      return false;
    }
    long least = hasStreams ? settings.minTimeNanos() : MIN_WITHOUT_STREAMS_NANOS;
    if (!first && since < least) {
      strikes++;
    }
    return strikes > MAX_STRIKES;
  }

  /** What is to be done now. */
  enum Step {
    WAIT,
    PING,
    CLOSE
  }

  /** When to look for the first time; 0: never. */
  long firstLookNanos() {
    return settings.intervalNanos();
  }

  /** Looks whether the client lives. To be called again after {@link #nextLookNanos}. */
  Step look() {
    if (lastReadNanos != seenReadNanos) {
      pinged = false;
      return Step.WAIT;
    }
    if (pinged && waitLeftNanos <= 0) {
      return Step.CLOSE;
    }
    if (pinged) {
      return Step.WAIT;
    }
    pinged = true;
    waitLeftNanos = settings.timeoutNanos();
    return Step.PING;
  }

  /** Always after a {@link #look} that did not say to close. */
  long nextLookNanos(long nowNanos) {
    if (lastReadNanos != seenReadNanos) {
      seenReadNanos = lastReadNanos;
      return Math.max(1, lastReadNanos + settings.intervalNanos() - nowNanos);
    }
    long next = Math.min(settings.intervalNanos(), waitLeftNanos);
    waitLeftNanos -= next;
    return next;
  }
}
