package io.sampo.node.state.mvcc;

import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RangeStreamResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import java.util.List;

/**
 * Writes a {@code RangeResponse} piece by piece from the stored bytes, so that an answer of any
 * size takes no more memory than the references to what it shows. First {@link #measure}, then
 * {@link #write}. By one thread at a time.
 */
public final class RangeResponseEncoder {
  private static final int LENGTH_DELIMITED = 2;
  private static final byte KVS_TAG =
      (byte) (RangeResponse.KVS_FIELD_NUMBER << 3 | LENGTH_DELIMITED);
  private static final byte STREAMED_TAG =
      (byte) (RangeStreamResponse.RANGE_RESPONSE_FIELD_NUMBER << 3 | LENGTH_DELIMITED);

  /** A tag and a length. */
  private static final int MAX_PREFIX = 11;

  private static final byte[] NOTHING = {};

  private final RangeResult.Part part;
  private final List<KeyVersion> versions;
  private final byte[] head;
  private final byte[] tail;
  private final boolean streamed;
  private final long count;

  private int measured;
  private long bytes;

  /** What is written next. */
  private byte[] piece = NOTHING;

  private int pieceFrom;
  private final byte[] prefix = new byte[MAX_PREFIX];
  private int prefixFrom;
  private int prefixEnd;
  private int nextVersion = -1;

  private RangeResponseEncoder(ResponseHeader header, RangeResult result, boolean streamed) {
    this.part = result.part();
    this.versions = result.versions();
    this.streamed = streamed;
    this.count = result.count();
    RangeResponse.Builder first = RangeResponse.newBuilder();
    if (header != null) {
      first.setHeader(header);
    }
    this.head = first.build().toByteArray();
    this.tail =
        RangeResponse.newBuilder()
            .setMore(result.more())
            .setCount(result.count())
            .build()
            .toByteArray();
    this.bytes = (long) head.length + tail.length;
  }

  /** A response of its own. */
  public static RangeResponseEncoder of(ResponseHeader header, RangeResult result) {
    return new RangeResponseEncoder(header, result, false);
  }

  /**
   * A response that is one of a stream's, in a {@code RangeStreamResponse}.
   *
   * @param header null for none
   */
  public static RangeResponseEncoder streamed(ResponseHeader header, RangeResult result) {
    return new RangeResponseEncoder(header, result, true);
  }

  /**
   * Looks at the size of so many versions more.
   *
   * @return whether all are measured, so that {@link #size} is known
   */
  public boolean measure(int count) {
    int end = (int) Math.min(versions.size(), (long) measured + count);
    long more = 0;
    for (int i = measured; i < end; i++) {
      more += fieldSize(part.size(versions.get(i)));
    }
    bytes += more;
    measured = end;
    return measured == versions.size();
  }

  /** What so many references take, in bytes. */
  public static long referenceBytes(long versions) {
    return Long.BYTES * versions;
  }

  /** What this one keeps in memory. */
  public long referenceBytes() {
    return referenceBytes(versions.size());
  }

  /** As the response tells it. */
  public long count() {
    return count;
  }

  /** How many keys are in the response. */
  public int shown() {
    return versions.size();
  }

  /** A field of so many bytes, with a tag of one byte. */
  public static long fieldSize(long bytes) {
    return 1 + Varint.size(bytes) + bytes;
  }

  /** How many bytes a response has, encoded: more than one message may have, perhaps. */
  public static long size(ResponseHeader header, RangeResult result) {
    return of(header, result).measureAll();
  }

  /** {@link #size}, measured at once. */
  long measureAll() {
    measure(Integer.MAX_VALUE);
    return size();
  }

  /** In bytes; may be more than a message or an array can have. */
  public long size() {
    return streamed ? fieldSize(bytes) : bytes;
  }

  /** Writes the next bytes; all calls together must not ask for more than {@link #size}. */
  public void write(byte[] target, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (prefixFrom < prefixEnd) {
        int some = Math.min(end - at, prefixEnd - prefixFrom);
        System.arraycopy(prefix, prefixFrom, target, at, some);
        prefixFrom += some;
        at += some;
      } else if (pieceFrom < piece.length) {
        int some = Math.min(end - at, piece.length - pieceFrom);
        System.arraycopy(piece, pieceFrom, target, at, some);
        pieceFrom += some;
        at += some;
      } else {
        at = writeVersions(target, at, end);
        if (at < end) {
          turnToNext();
        }
      }
    }
  }

  /** Those that fit as a whole, which are nearly all. */
  private int writeVersions(byte[] target, int from, int end) {
    int at = from;
    while (nextVersion >= 0 && nextVersion < versions.size()) {
      byte[] version = part.of(versions.get(nextVersion));
      if (end - at < MAX_PREFIX + version.length) {
        return at;
      }
      target[at] = KVS_TAG;
      at = Varint.write(target, at + 1, version.length);
      System.arraycopy(version, 0, target, at, version.length);
      at += version.length;
      nextVersion++;
    }
    return at;
  }

  private void turnToNext() {
    if (nextVersion < 0) {
      if (streamed) {
        setPrefix(STREAMED_TAG, bytes);
      }
      setPiece(head);
    } else if (nextVersion < versions.size()) {
      byte[] version = part.of(versions.get(nextVersion));
      setPrefix(KVS_TAG, version.length);
      setPiece(version);
    } else if (nextVersion == versions.size()) {
      setPiece(tail);
    } else {
      throw new IllegalStateException("there is no more to write");
    }
    nextVersion++;
  }

  private void setPiece(byte[] next) {
    piece = next;
    pieceFrom = 0;
  }

  private void setPrefix(byte tag, long length) {
    prefix[0] = tag;
    prefixFrom = 0;
    prefixEnd = Varint.write(prefix, 1, length);
  }
}
