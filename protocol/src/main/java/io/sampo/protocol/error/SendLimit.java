package io.sampo.protocol.error;

import io.grpc.Status;

/**
 * How large a message to a client may be: grpc-go's bound and its words (server.go, sendResponse,
 * 1.82). etcd sets the bound to 2^31 - 1 bytes, which is more than a small heap can hold.
 *
 * @param maxBytes the largest message that is sent
 */
public record SendLimit(long maxBytes) {
  /** etcd's bound. */
  public static final SendLimit ETCD = new SendLimit(Integer.MAX_VALUE);

  /** No array of Java's is as long as etcd's bound; its prefix belongs to the message too. */
  private static final long MAX_ARRAY_BYTES = Integer.MAX_VALUE - 64;

  /** One answer may take so much of the heap, in parts of it. */
  private static final int PART_OF_HEAP = 4;

  /**
   * etcd's bound, or a quarter of the heap where that is less.
   *
   * @param heapBytes the largest heap
   */
  public static SendLimit ofHeap(long heapBytes) {
    return new SendLimit(Math.min(ETCD.maxBytes, heapBytes / PART_OF_HEAP));
  }

  /** For answers that take twice the memory on their way. */
  public SendLimit half() {
    return new SendLimit(maxBytes / 2);
  }

  public boolean admits(long bytes) {
    return bytes <= maxBytes && bytes <= MAX_ARRAY_BYTES;
  }

  /**
   * @throws EtcdException RESOURCE_EXHAUSTED if a message of so many bytes is not sent
   */
  public void check(long bytes) {
    if (!admits(bytes)) {
      throw new EtcdException(
          Status.Code.RESOURCE_EXHAUSTED,
          "grpc: trying to send message larger than max (" + bytes + " vs. " + maxBytes + ")");
    }
  }
}
