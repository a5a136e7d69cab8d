package io.sampo.node.raft;

import java.time.Duration;

/**
 * Raft's bounds.
 *
 * @param maxMessageBytes entries in one append; one entry always fits
 * @param maxInflightMessages appends to one follower without an answer
 * @param maxBatchEntries entries in one write
 * @param maxBatchBytes bytes in one write; one entry always fits
 * @param maxUncommittedEntries entries a leader holds uncommitted before it drops proposals
 * @param maxUncommittedBytes their payload
 * @param maxHeldEntries proposals that wait for somebody to lead; of bytes as many as may be
 *     uncommitted
 * @param maxPendingReads reads that wait for an index
 * @param maxStashed messages that wait for recovery
 * @param requestTicks ticks after which a waiting read, or a proposal that found no leader, is
 *     given up
 * @param readRetryTicks ticks after which a forwarded read is sent again
 * @param diskTicks ticks that one write may take before its member gives up leading
 */
public record RaftLimits(
    long maxMessageBytes,
    int maxInflightMessages,
    int maxBatchEntries,
    long maxBatchBytes,
    long maxUncommittedEntries,
    long maxUncommittedBytes,
    int maxHeldEntries,
    int maxPendingReads,
    int maxStashed,
    int requestTicks,
    int readRetryTicks,
    int diskTicks) {

  /**
   * etcd's where it has them: 1 MiB and 512 messages to peers, 7 s for a request, 500 ms to a
   * read's retry.
   */
  public static final RaftLimits DEFAULT =
      new RaftLimits(
          1 << 20, 512, 16_384, 4 << 20, 100_000, 256L << 20, 50_000, 10_000, 1_000, 70, 5, 100);

  private static final Duration READ_RETRY = Duration.ofMillis(500);
  private static final Duration DISK = Duration.ofSeconds(10);

  /** The same spans of time in ticks of another length. */
  public RaftLimits withTicks(Duration tick, Duration request) {
    return new RaftLimits(
        maxMessageBytes,
        maxInflightMessages,
        maxBatchEntries,
        maxBatchBytes,
        maxUncommittedEntries,
        maxUncommittedBytes,
        maxHeldEntries,
        maxPendingReads,
        maxStashed,
        ticks(request, tick),
        ticks(READ_RETRY, tick),
        ticks(DISK, tick));
  }

  private static int ticks(Duration span, Duration tick) {
    return (int) Math.max(1, span.dividedBy(tick));
  }
}
