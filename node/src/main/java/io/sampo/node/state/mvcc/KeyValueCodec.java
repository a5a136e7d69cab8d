package io.sampo.node.state.mvcc;

import com.google.protobuf.ByteString;

/**
 * Writes and takes apart {@code mvccpb.KeyValue} by hand: fields in number order, zero fields
 * omitted, which is what Go writes. The bytes are stored, hashed and sent, so they have to be
 * etcd's to the last bit.
 */
final class KeyValueCodec {
  static final int KEY = 1 << 3 | 2;
  static final int CREATE_REVISION = 2 << 3;
  static final int MOD_REVISION = 3 << 3;
  static final int VERSION = 4 << 3;
  static final int VALUE = 5 << 3 | 2;
  static final int LEASE = 6 << 3;

  private KeyValueCodec() {}

  static byte[] encode(
      byte[] key,
      long createRevision,
      long modRevision,
      long version,
      ByteString value,
      long lease) {
    int size =
        sizeWithoutValue(key.length, createRevision, modRevision, version, lease)
            + bytesSize(value.size());
    byte[] encoded = new byte[size];
    int at = 0;
    if (key.length > 0) {
      at = writeLength(encoded, at, KEY, key.length);
      System.arraycopy(key, 0, encoded, at, key.length);
      at += key.length;
    }
    at = writeNumber(encoded, at, CREATE_REVISION, createRevision);
    at = writeNumber(encoded, at, MOD_REVISION, modRevision);
    at = writeNumber(encoded, at, VERSION, version);
    if (!value.isEmpty()) {
      at = writeLength(encoded, at, VALUE, value.size());
      value.copyTo(encoded, at);
      at += value.size();
    }
    writeNumber(encoded, at, LEASE, lease);
    return encoded;
  }

  /** How many bytes {@link #encode} gives for an empty value. */
  static int sizeWithoutValue(
      int keyLength, long createRevision, long modRevision, long version, long lease) {
    return bytesSize(keyLength)
        + numberSize(createRevision)
        + numberSize(modRevision)
        + numberSize(version)
        + numberSize(lease);
  }

  private static int bytesSize(int length) {
    return length == 0 ? 0 : 1 + Varint.size(length) + length;
  }

  private static int numberSize(long number) {
    return number == 0 ? 0 : 1 + Varint.size(number);
  }

  private static int writeLength(byte[] target, int position, int tag, int length) {
    target[position] = (byte) tag;
    return Varint.write(target, position + 1, length);
  }

  private static int writeNumber(byte[] target, int position, int tag, long number) {
    if (number == 0) {
      return position;
    }
    target[position] = (byte) tag;
    return Varint.write(target, position + 1, number);
  }

  /**
   * One field after another of an encoded KeyValue; a field this class does not know is refused.
   */
  static final class Reader {
    private final byte[] encoded;
    private int next;
    private int tag;
    private long number;
    private int offset;

    Reader(byte[] encoded) {
      this.encoded = encoded;
    }

    /** Moves to the next field; false when there is none. */
    boolean advance() {
      if (next >= encoded.length) {
        return false;
      }
      tag = encoded[next++];
      number = Varint.read(encoded, next);
      next += Varint.size(number);
      if (tag == KEY || tag == VALUE) {
        if (number < 0 || number > encoded.length - next) {
          throw new IllegalArgumentException("a KeyValue whose bytes end inside a field");
        }
        offset = next;
        next += (int) number;
      } else if (tag != CREATE_REVISION && tag != MOD_REVISION && tag != VERSION && tag != LEASE) {
        throw new IllegalArgumentException("a KeyValue with the unknown tag " + tag);
      }
      return true;
    }

    int tag() {
      return tag;
    }

    /** The value of a number field, or the length of a bytes field. */
    long number() {
      return number;
    }

    /** Where the bytes of a bytes field begin. */
    int offset() {
      return offset;
    }
  }
}
