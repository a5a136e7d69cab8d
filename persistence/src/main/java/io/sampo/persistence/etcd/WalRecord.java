package io.sampo.persistence.etcd;

import com.google.protobuf.ByteString;

/**
 * A record whose checksum holds.
 *
 * @param data shared with the file's bytes in memory
 */
record WalRecord(Kind kind, ByteString data) {

  /** In the order of their numbers, which begin with 1. */
  enum Kind {
    METADATA,
    ENTRY,
    STATE,
    CHECKSUM,
    SNAPSHOT;

    private static final Kind[] VALUES = values();

    /** Null for a number that etcd does not know. */
    static Kind of(long number) {
      return number >= 1 && number <= VALUES.length ? VALUES[(int) number - 1] : null;
    }
  }
}
