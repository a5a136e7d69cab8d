package io.sampo.node.state;

/**
 * The size that Status reports and the quota limits, in bytes: what the entries of the buckets take
 * (key, value and bbolt's 16 bytes for each), history included, plus the five pages of an empty
 * etcd database. There are no free pages, so size and size in use are the same.
 */
final class StateSize {
  private static final long EMPTY_BYTES = 5 * 4096;

  /** A lease's entry: element, id, and a record of two to three numbers. */
  private static final long LEASE_BYTES = 16 + 8 + 16;

  private StateSize() {}

  static long of(long versionBytes, int leases) {
    return EMPTY_BYTES + versionBytes + leases * LEASE_BYTES;
  }
}
