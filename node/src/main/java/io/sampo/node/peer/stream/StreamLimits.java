package io.sampo.node.peer.stream;

import java.time.Duration;

/**
 * The bounds of one stream. Times and counts are etcd's; the bytes are bounded beside them, because
 * 4,096 appends may be gigabytes.
 *
 * @param linkHeartbeat how often a silent writer says that it lives
 * @param timeout after which a writer that says nothing is dropped
 * @param writeTimeout after which a reader that takes nothing is dropped
 * @param queuedMessages waiting to be written; beyond it messages are dropped
 * @param queuedBytes the same in bytes; one message always fits
 * @param writeBytes about how much goes into one write
 * @param frameBytes the longest frame that is read
 * @param unhandledMessages how many received messages may wait for Raft until reading pauses
 * @param unhandledBytes the same in bytes
 */
public record StreamLimits(
    Duration linkHeartbeat,
    Duration timeout,
    Duration writeTimeout,
    int queuedMessages,
    long queuedBytes,
    int writeBytes,
    int frameBytes,
    int unhandledMessages,
    long unhandledBytes) {

  /** Fits {@code --max-request-bytes} up to 32 MiB. */
  public static final StreamLimits DEFAULT =
      new StreamLimits(
          Duration.ofMillis(1667),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          4096,
          64L << 20,
          256 << 10,
          64 << 20,
          1024,
          4L << 20);

  /** With link heartbeats at a third of the timeout, as etcd has them. */
  public StreamLimits withTimeout(Duration newTimeout) {
    return new StreamLimits(
        newTimeout.dividedBy(3),
        newTimeout,
        newTimeout,
        queuedMessages,
        queuedBytes,
        writeBytes,
        frameBytes,
        unhandledMessages,
        unhandledBytes);
  }

  /**
   * With longer timeouts, and link heartbeats as before: the other members may have shorter ones.
   */
  public StreamLimits withTimeouts(Duration read, Duration write) {
    return new StreamLimits(
        linkHeartbeat,
        read,
        write,
        queuedMessages,
        queuedBytes,
        writeBytes,
        frameBytes,
        unhandledMessages,
        unhandledBytes);
  }

  public StreamLimits withQueue(int newQueuedMessages, long newQueuedBytes) {
    return new StreamLimits(
        linkHeartbeat,
        timeout,
        writeTimeout,
        newQueuedMessages,
        newQueuedBytes,
        writeBytes,
        frameBytes,
        unhandledMessages,
        unhandledBytes);
  }

  public StreamLimits withFrameBytes(int newFrameBytes) {
    return new StreamLimits(
        linkHeartbeat,
        timeout,
        writeTimeout,
        queuedMessages,
        queuedBytes,
        writeBytes,
        newFrameBytes,
        unhandledMessages,
        unhandledBytes);
  }
}
