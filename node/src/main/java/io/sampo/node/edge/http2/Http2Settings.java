package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.Frame;
import java.time.Duration;

/**
 * What a listener says of its connections.
 *
 * @param maxConcurrentStreams open streams of one connection; what is above is refused. From {@code
 *     Integer.MAX_VALUE} on there is no limit, and none is announced
 * @param strict whether requests are checked as Go's net/http checks them, which serves those with
 *     TLS; without it as grpc-go does, which overlooks some of what RFC 9113 forbids
 * @param keepAlive when clients are pinged, and how often they may ping
 * @param head how long a header block, or any frame but DATA, may take once it has begun
 */
public record Http2Settings(
    int maxConcurrentStreams, boolean strict, KeepAliveSettings keepAlive, Duration head) {
  /** All fields of a head together, as RFC 9113, section 6.5.2 counts them. */
  static final int MAX_HEADER_LIST_BYTES = 1 << 20;

  /** Longer than any client takes; etcd waits for ever. */
  private static final Duration HEAD = Duration.ofMinutes(1);

  /** What Go's net/http asks for: the longest frame, and what a stream may send at first. */
  private static final int NET_HTTP_BYTES = 1 << 20;

  /** The longest payload of a frame that is read. */
  int maxFrameBytes() {
    return strict ? NET_HTTP_BYTES : Frame.MAX_BYTES;
  }

  /** What a stream may send before anything of it was consumed. */
  int streamWindow() {
    return strict ? NET_HTTP_BYTES : Frame.DEFAULT_WINDOW;
  }

  public Http2Settings(int maxConcurrentStreams, boolean strict, KeepAliveSettings keepAlive) {
    this(maxConcurrentStreams, strict, keepAlive, HEAD);
  }

  /**
   * etcd's flags {@code --grpc-keepalive-*}.
   *
   * @param intervalNanos a client that was silent for so long is asked whether it lives; 0: never
   * @param timeoutNanos it has so long to answer
   * @param minTimeNanos a client may ask no more often than this
   */
  public record KeepAliveSettings(long intervalNanos, long timeoutNanos, long minTimeNanos) {
    /** Values of 0 mean that grpc-go's own stay, as in etcd. */
    public KeepAliveSettings {
      if (intervalNanos <= 0 || timeoutNanos <= 0) {
        intervalNanos = 7_200_000_000_000L;
        timeoutNanos = 20_000_000_000L;
      }
      if (minTimeNanos <= 0) {
        minTimeNanos = 300_000_000_000L;
      }
    }
  }
}
