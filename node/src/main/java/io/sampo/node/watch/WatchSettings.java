package io.sampo.node.watch;

import java.time.Duration;

/**
 * The limits of a watch stream.
 *
 * @param progressInterval of progress reports ({@code --watch-progress-notify-interval}); up to a
 *     tenth is added by chance, so that streams do not report all at once
 * @param fragmentBytes from which size on a response is split for watchers that asked for it
 * @param chunkBytes at which size the frames for a client are handed on
 * @param sliceVersions how many versions of the history are read in one step by who is behind
 */
public record WatchSettings(
    Duration progressInterval, int fragmentBytes, int chunkBytes, int sliceVersions) {
  /** etcd's smallest progress interval. */
  public static final Duration MIN_PROGRESS_INTERVAL = Duration.ofMillis(100);

  private static final int GRPC_OVERHEAD_BYTES = 512 * 1024;
  private static final int CHUNK_BYTES = 64 * 1024;

  /** A step takes less than a millisecond: thousands of sessions may be behind. */
  private static final int SLICE_VERSIONS = 1024;

  public WatchSettings {
    if (progressInterval.compareTo(MIN_PROGRESS_INTERVAL) < 0) {
      progressInterval = MIN_PROGRESS_INTERVAL;
    }
  }

  /** As etcd derives them from its flags; an interval of zero means its default, ten minutes. */
  public static WatchSettings of(Duration progressNotifyInterval, int maxRequestBytes) {
    Duration interval =
        progressNotifyInterval.isZero() ? Duration.ofMinutes(10) : progressNotifyInterval;
    return new WatchSettings(
        interval, maxRequestBytes + GRPC_OVERHEAD_BYTES, CHUNK_BYTES, SLICE_VERSIONS);
  }
}
