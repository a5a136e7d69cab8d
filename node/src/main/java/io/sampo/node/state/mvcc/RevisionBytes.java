package io.sampo.node.state.mvcc;

import java.nio.ByteBuffer;

/**
 * Revisions as keys of etcd's key bucket: main revision, an underscore, sub revision, and a {@code
 * t} behind the revision of a tombstone; numbers in big endian, 17 or 18 bytes in all.
 */
public final class RevisionBytes {
  private static final int LENGTH = 17;
  private static final int SUB_AT = 9;
  private static final byte SEPARATOR = '_';
  private static final byte TOMBSTONE = 't';

  private RevisionBytes() {}

  /** The key of the version's entry. */
  public static byte[] of(KeyVersion version) {
    byte[] bytes = new byte[version.isTombstone() ? LENGTH + 1 : LENGTH];
    write(bytes, version.modRevision(), version.subRevision());
    if (version.isTombstone()) {
      bytes[LENGTH] = TOMBSTONE;
    }
    return bytes;
  }

  /** A revision as the meta bucket keeps it. */
  public static byte[] ofMain(long main) {
    byte[] bytes = new byte[LENGTH];
    write(bytes, main, 0);
    return bytes;
  }

  private static void write(byte[] bytes, long main, long sub) {
    ByteBuffer.wrap(bytes).putLong(main).put(SEPARATOR).putLong(sub);
  }

  /**
   * The main revision.
   *
   * @throws IllegalArgumentException if the bytes are no revision
   */
  public static long main(byte[] bytes) {
    boolean marked = bytes.length == LENGTH + 1 && bytes[LENGTH] == TOMBSTONE;
    if ((bytes.length != LENGTH && !marked) || bytes[SUB_AT - 1] != SEPARATOR) {
      throw new IllegalArgumentException("not a revision, " + bytes.length + " bytes long");
    }
    return ByteBuffer.wrap(bytes).getLong(0);
  }

  static long sub(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong(SUB_AT);
  }

  static boolean isTombstone(byte[] bytes) {
    return bytes.length == LENGTH + 1;
  }
}
