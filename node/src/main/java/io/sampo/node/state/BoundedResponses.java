package io.sampo.node.state;

import static io.sampo.node.state.mvcc.RangeResponseEncoder.fieldSize;

import io.sampo.protocol.error.SendLimit;

/** Counts what the answers of a transaction's ranges have in all, in bytes. */
final class BoundedResponses {
  private final SendLimit limit;
  private long bytes;

  BoundedResponses(SendLimit limit) {
    this.limit = limit;
  }

  /**
   * One more answer, of so many bytes.
   *
   * @return whether all until now may be sent, so that it is worth making it
   */
  boolean admit(long size) {
    bytes += fieldSize(fieldSize(size));
    return limit.admits(bytes);
  }

  /**
   * @throws io.sampo.protocol.error.EtcdException if they may not be sent
   */
  void check() {
    limit.check(bytes);
  }
}
