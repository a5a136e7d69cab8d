package io.sampo.persistence.snapshot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The numbers of the bbolt file format, version 2 (go.etcd.io/bbolt, as etcd 3.4 to 3.7 use it).
 * Integers are little endian here: bbolt writes the host's order, and every host we read from or
 * write for is little endian.
 *
 * <pre>
 * page    id u64, flags u16, count u16, overflow u32, then count elements, then the bytes they point to
 * leaf    flags u32 (1: the value is a bucket), pos u32 (from the element's own start), ksize u32, vsize u32
 * branch  pos u32, ksize u32, child page u64
 * bucket  root page u64 (0: a page follows inline), sequence u64
 * meta    magic u32, version u32, page size u32, flags u32, root bucket, freelist page u64,
 *         pages in use u64, transaction u64, FNV-1a of all before u64
 * </pre>
 */
final class BboltFormat {
  static final int PAGE_BYTES = 4096;
  static final int PAGE_HEADER_BYTES = 16;
  static final int ELEMENT_BYTES = 16;
  static final int BUCKET_HEADER_BYTES = 16;
  static final int MAX_KEY_BYTES = 32768;

  static final int BRANCH_FLAG = 1;
  static final int LEAF_FLAG = 2;
  static final int META_FLAG = 4;
  static final int FREELIST_FLAG = 16;
  static final int BUCKET_ELEMENT_FLAG = 1;

  static final int META_BYTES = 64;
  static final int META_MAGIC = 0xED0CDAED;
  static final int META_VERSION = 2;
  static final int META_PAGE_SIZE_AT = 8;
  static final int META_ROOT_AT = 16;
  static final int META_FREELIST_AT = 32;
  static final int META_PAGES_AT = 40;
  static final int META_TRANSACTION_AT = 48;
  static final int META_CHECKSUM_AT = 56;

  static final int SHA256_BYTES = 32;

  /** Found in the unused part of our freelist page, before the seal's CRC. */
  static final long SEAL_MAGIC = 0x4C4145534F504D41L;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private BboltFormat() {}

  static void putShort(byte[] bytes, int at, int value) {
    SHORTS.set(bytes, at, (short) value);
  }

  static void putInt(byte[] bytes, int at, int value) {
    INTS.set(bytes, at, value);
  }

  static void putLong(byte[] bytes, int at, long value) {
    LONGS.set(bytes, at, value);
  }

  static int getInt(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  static long getLong(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  static void putPageHeader(byte[] bytes, int at, long id, int flags, int count, int overflow) {
    putLong(bytes, at, id);
    putShort(bytes, at + 8, flags);
    putShort(bytes, at + 10, count);
    putInt(bytes, at + 12, overflow);
  }

  /** The 64-bit FNV-1a hash that guards a meta page. */
  static long fnv1a(byte[] bytes, int from, int length) {
    long hash = 0xcbf29ce484222325L;
    for (int i = from; i < from + length; i++) {
      hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
