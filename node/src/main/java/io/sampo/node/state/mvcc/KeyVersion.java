package io.sampo.node.state.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.sampo.protocol.mvccpb.KeyValue;
import java.util.Arrays;

/**
 * One version of one key: what a put wrote, or the tombstone that a delete left. It is immutable
 * and shared by the tree, the history, watch events, range responses and snapshots; the bytes it
 * hands out without a copy must not be written to.
 *
 * <p>Its main content is the encoded {@code mvccpb.KeyValue}, exactly as etcd stores it (a
 * tombstone stores its key only). The numbers are kept beside it for comparing; key and value are
 * not, because a million keys would pay for them twice.
 */
public final class KeyVersion {
  private final byte[] encoded;
  private final long modRevision;
  private final long createRevision;
  private final long version;
  private final long lease;
  private final int subRevision;
  private final int keyLength;

  private KeyVersion(
      byte[] encoded,
      int keyLength,
      long modRevision,
      int subRevision,
      long createRevision,
      long version,
      long lease) {
    this.encoded = encoded;
    this.keyLength = keyLength;
    this.modRevision = modRevision;
    this.subRevision = subRevision;
    this.createRevision = createRevision;
    this.version = version;
    this.lease = lease;
  }

  /** What a put writes. The version counts from 1 for a key that did not exist before. */
  public static KeyVersion put(
      byte[] key,
      ByteString value,
      long createRevision,
      long modRevision,
      int subRevision,
      long version,
      long lease) {
    byte[] encoded = KeyValueCodec.encode(key, createRevision, modRevision, version, value, lease);
    return new KeyVersion(
        encoded, key.length, modRevision, subRevision, createRevision, version, lease);
  }

  /** What a delete leaves. */
  public static KeyVersion tombstone(byte[] key, long modRevision, int subRevision) {
    byte[] encoded = KeyValueCodec.encode(key, 0, 0, 0, ByteString.EMPTY, 0);
    return new KeyVersion(encoded, key.length, modRevision, subRevision, 0, 0, 0);
  }

  /**
   * A version from its stored form, for example from the {@code key} bucket of a snapshot.
   *
   * @throws IllegalArgumentException if the bytes are no KeyValue or contradict the revision
   */
  public static KeyVersion stored(
      byte[] encoded, long modRevision, int subRevision, boolean tombstone) {
    if (encoded.length == 0 && !tombstone) {
      // What etcdutl writes to raise the revision: the empty key, which no request can name.
      return new KeyVersion(encoded, 0, modRevision, subRevision, modRevision, 1, 0);
    }
    int keyLength = 0;
    long createRevision = 0;
    long storedModRevision = 0;
    long version = 0;
    long lease = 0;
    KeyValueCodec.Reader reader = new KeyValueCodec.Reader(encoded);
    while (reader.advance()) {
      switch (reader.tag()) {
        case KeyValueCodec.KEY -> keyLength = (int) reader.number();
        case KeyValueCodec.CREATE_REVISION -> createRevision = reader.number();
        case KeyValueCodec.MOD_REVISION -> storedModRevision = reader.number();
        case KeyValueCodec.VERSION -> version = reader.number();
        case KeyValueCodec.LEASE -> lease = reader.number();
        default -> {}
      }
    }
    boolean consistent = tombstone ? version == 0 : version > 0 && storedModRevision == modRevision;
    if (!consistent) {
      throw new IllegalArgumentException(
          "the KeyValue stored at revision " + modRevision + " says " + storedModRevision);
    }
    return new KeyVersion(
        encoded, keyLength, modRevision, subRevision, createRevision, version, lease);
  }

  /** A copy of the key. Use {@link #compareKey} or {@link #keyBytes} where a copy is too much. */
  public byte[] key() {
    return Arrays.copyOfRange(encoded, keyOffset(), keyOffset() + keyLength);
  }

  /** The key as a window on the stored bytes, without a copy. */
  public ByteString keyBytes() {
    return UnsafeByteOperations.unsafeWrap(encoded, keyOffset(), keyLength);
  }

  /** The order of this version's key against another key: byte by byte, unsigned. */
  public int compareKey(byte[] key) {
    int offset = keyOffset();
    return Arrays.compareUnsigned(encoded, offset, offset + keyLength, key, 0, key.length);
  }

  /**
   * The order of this version's key against another one as far as the first so many bytes of this
   * one tell, which it must have: 0 if the other begins with them.
   */
  int comparePrefix(byte[] key, int length) {
    int offset = keyOffset();
    return Arrays.compareUnsigned(
        encoded, offset, offset + length, key, 0, Math.min(length, key.length));
  }

  /** The order of the two keys. */
  public int compareKey(KeyVersion other) {
    int offset = keyOffset();
    int otherOffset = other.keyOffset();
    return Arrays.compareUnsigned(
        encoded,
        offset,
        offset + keyLength,
        other.encoded,
        otherOffset,
        otherOffset + other.keyLength);
  }

  /** The revision of the write that made this version. */
  public long modRevision() {
    return modRevision;
  }

  /** Counts the writes of one revision, from 0. */
  public int subRevision() {
    return subRevision;
  }

  /** The revision at which the key came to be; 0 for a tombstone. */
  public long createRevision() {
    return createRevision;
  }

  /** How many puts the key has had since it came to be; 0 for a tombstone. */
  public long version() {
    return version;
  }

  /** The lease the key is attached to, or 0. */
  public long lease() {
    return lease;
  }

  public boolean isTombstone() {
    return version == 0;
  }

  /** A copy of the value; empty for a tombstone. */
  public byte[] value() {
    return valueBytes().toByteArray();
  }

  /** The value as a window on the stored bytes, without a copy; empty for a tombstone. */
  public ByteString valueBytes() {
    int at = keyOffset() + keyLength;
    while (at < encoded.length) {
      int tag = encoded[at++];
      long number = Varint.read(encoded, at);
      at += Varint.size(number);
      if (tag == KeyValueCodec.VALUE) {
        return UnsafeByteOperations.unsafeWrap(encoded, at, (int) number);
      }
    }
    return ByteString.EMPTY;
  }

  /** The stored bytes, not copied: an encoded KeyValue, of a tombstone only its key. */
  public byte[] encoded() {
    return encoded;
  }

  /** The encoded KeyValue that a watch event carries: of a tombstone, key and mod revision. */
  public byte[] encodedForEvent() {
    if (!isTombstone()) {
      return encoded;
    }
    return KeyValueCodec.encode(key(), 0, modRevision, 0, ByteString.EMPTY, 0);
  }

  /**
   * The encoded KeyValue without its value, for ranges that ask for keys only.
   *
   * @param withLease whether the lease stays: etcd 3.7 drops it where it answers from its index
   */
  public byte[] encodedWithoutValue(boolean withLease) {
    return KeyValueCodec.encode(
        key(), createRevision, modRevision, version, ByteString.EMPTY, withLease ? lease : 0);
  }

  /** How many bytes {@link #encodedWithoutValue} gives. */
  int sizeWithoutValue(boolean withLease) {
    return KeyValueCodec.sizeWithoutValue(
        keyLength, createRevision, modRevision, version, withLease ? lease : 0);
  }

  /** As the generated message, which shares the bytes; of a tombstone, key and mod revision. */
  public KeyValue toKeyValue() {
    return KeyValue.newBuilder()
        .setKey(keyBytes())
        .setCreateRevision(createRevision)
        .setModRevision(modRevision)
        .setVersion(version)
        .setValue(valueBytes())
        .setLease(lease)
        .build();
  }

  /** How many bytes this key and the other one begin with alike, but no more than the limit. */
  int commonPrefix(KeyVersion other, int limit) {
    int offset = keyOffset();
    int otherOffset = other.keyOffset();
    int end = Math.min(limit, Math.min(keyLength, other.keyLength));
    int mismatch =
        Arrays.mismatch(
            encoded, offset, offset + end, other.encoded, otherOffset, otherOffset + end);
    return mismatch < 0 ? end : mismatch;
  }

  /** Eight bytes of the key from the position on as an unsigned number, zeros behind its end. */
  long keyBytesFrom(int position) {
    int offset = keyOffset();
    long bytes = 0;
    for (int i = position; i < position + Long.BYTES; i++) {
      bytes = bytes << 8 | (i < keyLength ? encoded[offset + i] & 0xFF : 0);
    }
    return bytes;
  }

  /** What an entry of the key bucket takes: a bbolt leaf element, the revision and the value. */
  int storedBytes() {
    return 16 + (isTombstone() ? 18 : 17) + encoded.length;
  }

  private int keyOffset() {
    return keyLength == 0 ? 0 : 1 + Varint.size(keyLength);
  }

  @Override
  public String toString() {
    return keyBytes().toStringUtf8()
        + "@"
        + modRevision
        + "."
        + subRevision
        + (isTombstone() ? " deleted" : "");
  }
}
