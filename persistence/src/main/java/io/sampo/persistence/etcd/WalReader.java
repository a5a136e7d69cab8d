package io.sampo.persistence.etcd;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.sampo.protocol.walpb.Record;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * The records of consecutive segments, one after another, each checked by the checksum that rolls
 * over all of them (etcd 3.7.1, wal/decoder.go). A frame is a length (u64, little endian: 56 bits
 * size, in the highest byte 0x80 with the padding), the record, and padding to eight bytes; a
 * length of 0 is the space that was not used yet.
 *
 * <p>Only the last segment may end in the middle of a write, and only in a way that a power cut
 * leaves behind: the file ends before the frame does, or a whole sector of the frame is zero. That
 * end is cut, as etcd's repair does, and {@link #torn} tells where. Holds one record at a time.
 */
final class WalReader {
  private static final int FRAME_BYTES = 8;
  private static final int SECTOR_BYTES = 512;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final long SIZE_MASK = (1L << 56) - 1;

  private final List<WalSegment> segments;
  private final RollingCrc crc = new RollingCrc();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private long bufferStart;
  private int buffered;
  private long size;
  private long offset;
  private Torn torn;

  /** The end of a write that a power cut left unfinished. */
  record Torn(WalSegment segment, long offset) {}

  WalReader(List<WalSegment> segments) throws IOException {
    this.segments = segments;
    this.size = segments.get(0).size();
  }

  /**
   * The next record that is no checksum; null at the end.
   *
   * @throws EtcdFormatException if a record is damaged elsewhere than at the torn end
   */
  WalRecord next() throws IOException {
    while (torn == null) {
      long length = length();
      if (torn != null) {
        return null;
      }
      if (length == 0) {
        if (isLast()) {
          return null;
        }
        nextSegment();
        continue;
      }
      WalRecord record = record(length);
      if (record != null && record.kind() != WalRecord.Kind.CHECKSUM) {
        return record;
      }
    }
    return null;
  }

  Optional<Torn> torn() {
    return Optional.ofNullable(torn);
  }

  private boolean isLast() {
    return at == segments.size() - 1;
  }

  private void nextSegment() throws IOException {
    at++;
    offset = 0;
    bufferStart = 0;
    buffered = 0;
    size = segments.get(at).size();
  }

  /** The next frame's length field; 0 where no frame follows. */
  private long length() throws IOException {
    long left = size - offset;
    if (left < FRAME_BYTES) {
      if (left > 0) {
        cut("the length of a record is cut short");
      }
      return 0;
    }
    ByteBuffer field = bytes(offset, FRAME_BYTES);
    return field.getLong();
  }

  private WalRecord record(long length) throws IOException {
    long recordBytes = length & SIZE_MASK;
    int padding = length < 0 ? (int) (length >>> 56) & 7 : 0;
    long frameEnd = offset + FRAME_BYTES + recordBytes + padding;
    if (recordBytes > size || frameEnd > size) {
      cut("a record of " + recordBytes + " bytes reaches beyond the end of the file");
      return null;
    }
    if (recordBytes + padding > Integer.MAX_VALUE - FRAME_BYTES) {
      throw damaged("a record of " + recordBytes + " bytes is too large");
    }
    byte[] frame = new byte[(int) recordBytes + padding];
    bytes(offset + FRAME_BYTES, frame.length).get(frame);
    Record record = parse(frame, (int) recordBytes);
    if (record == null) {
      cutIfTorn(frame, "a record cannot be read");
      return null;
    }
    WalRecord.Kind kind = WalRecord.Kind.of(record.getType());
    if (kind == WalRecord.Kind.CHECKSUM) {
      checkChain(record.getCrc());
    } else if (!matches(record)) {
      cutIfTorn(frame, "a record does not match its checksum");
      return null;
    } else if (kind == null) {
      throw damaged("a record is of the unknown type " + record.getType());
    }
    offset = frameEnd;
    return new WalRecord(kind, record.getData());
  }

  /** The parsed record shares the frame's bytes; null if it is none. */
  private static Record parse(byte[] frame, int length) {
    CodedInputStream input = UnsafeByteOperations.unsafeWrap(frame, 0, length).newCodedInput();
    input.enableAliasing(true);
    try {
      return Record.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }

  /** The first segment that is read begins with a checksum of what is not read: it is believed. */
  private void checkChain(int expected) throws IOException {
    if (crc.value() != 0 && crc.value() != expected) {
      throw damaged("the checksum of what was before does not match");
    }
    crc.restart(expected);
  }

  private boolean matches(Record record) {
    crc.update(record.getData().asReadOnlyByteBuffer());
    return crc.value() == record.getCrc();
  }

  /** Whether some sector of the frame is nothing but zeros: it was never written. */
  private void cutIfTorn(byte[] frame, String problem) throws IOException {
    long position = offset + FRAME_BYTES;
    for (int from = 0; from < frame.length; ) {
      int bytes = (int) Math.min(SECTOR_BYTES - position % SECTOR_BYTES, frame.length - from);
      if (isZero(frame, from, from + bytes)) {
        cut(problem);
        return;
      }
      from += bytes;
      position += bytes;
    }
    throw damaged(problem);
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void cut(String problem) throws IOException {
    if (!isLast()) {
      throw damaged(problem);
    }
    torn = new Torn(segments.get(at), offset);
  }

  private EtcdFormatException damaged(String problem) {
    return new EtcdFormatException(
        segments.get(at).path(), "damaged at byte " + offset + ": " + problem);
  }

  /** Bytes that the file is known to have. */
  private ByteBuffer bytes(long from, int count) throws IOException {
    if (count > buffer.length) {
      ByteBuffer own = ByteBuffer.allocate(count);
      fill(own, from);
      return own.flip().order(ByteOrder.LITTLE_ENDIAN);
    }
    if (from < bufferStart || from + count > bufferStart + buffered) {
      bufferStart = from;
      buffered = (int) Math.min(buffer.length, size - from);
      fill(ByteBuffer.wrap(buffer, 0, buffered), from);
    }
    return ByteBuffer.wrap(buffer, (int) (from - bufferStart), count)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private void fill(ByteBuffer target, long from) throws IOException {
    segments.get(at).read(target, from);
    if (target.hasRemaining()) {
      throw damaged("the file became shorter while it was read");
    }
  }
}
