package io.sampo.persistence.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.sampo.persistence.log.LogEvent.BatchPersisted;
import io.sampo.persistence.log.LogEvent.PrefixCompacted;
import io.sampo.persistence.log.LogEvent.SnapshotInstalled;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The stored form of the log's events. The manifest names the kind of event and the version of its
 * form.
 *
 * <pre>
 * event := crc32c(header) as 4 bytes | header | frame*
 * frame := crc32c(entry) as 4 bytes | length as varint | raftpb.Entry        (a batch has as many as its header says)
 * header := varints: number, then what the kind needs; a membership is a length and a raftpb.ConfState
 * </pre>
 *
 * Every byte is under one of the checksums or decides where the next one is looked for, so a
 * changed byte is always found.
 */
public final class LogEventSerializer extends SerializerWithStringManifest {
  /** Pekko keeps 0 to 40 for itself. */
  static final int IDENTIFIER = 7301;

  private static final String BATCH = "batch-1";
  private static final String COMPACTED = "compacted-1";
  private static final String INSTALLED = "installed-1";
  private static final int CRC_BYTES = 4;

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object event) {
    if (event instanceof BatchPersisted) {
      return BATCH;
    } else if (event instanceof PrefixCompacted) {
      return COMPACTED;
    } else if (event instanceof SnapshotInstalled) {
      return INSTALLED;
    }
    throw new IllegalArgumentException("not an event of the log: " + event.getClass().getName());
  }

  @Override
  public byte[] toBinary(Object event) {
    try {
      if (event instanceof BatchPersisted batch) {
        return encodeBatch(batch);
      } else if (event instanceof PrefixCompacted compacted) {
        return encodeCompacted(compacted);
      } else if (event instanceof SnapshotInstalled installed) {
        return encodeInstalled(installed);
      }
    } catch (IOException e) {
      throw new IllegalStateException("the size of an event was computed wrongly", e);
    }
    throw new IllegalArgumentException("not an event of the log: " + event.getClass().getName());
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try {
      return switch (manifest) {
        case BATCH -> decodeBatch(bytes);
        case COMPACTED -> decodeCompacted(bytes);
        case INSTALLED -> decodeInstalled(bytes);
        default ->
            throw new NotSerializableException(
                "an event of the unknown form '" + manifest + "': a newer version wrote it");
      };
    } catch (NotSerializableException e) {
      throw e;
    } catch (IOException e) {
      throw new JournalDamagedException("an event cannot be decoded: " + e.getMessage(), e);
    }
  }

  private static byte[] encodeBatch(BatchPersisted batch) throws IOException {
    HardState hardState = batch.hardState();
    int headerSize =
        varint(batch.number())
            + 1
            + (hardState == null ? 0 : varint(hardState.term()) + varint(hardState.vote()))
            + varint(batch.entries().size());
    int size = CRC_BYTES + headerSize;
    for (Entry entry : batch.entries()) {
      int length = entry.getSerializedSize();
      size += CRC_BYTES + varint(length) + length;
    }
    byte[] bytes = new byte[size];
    CodedOutputStream header = CodedOutputStream.newInstance(bytes, CRC_BYTES, headerSize);
    header.writeUInt64NoTag(batch.number());
    header.writeBoolNoTag(hardState != null);
    if (hardState != null) {
      header.writeUInt64NoTag(hardState.term());
      header.writeUInt64NoTag(hardState.vote());
    }
    header.writeUInt64NoTag(batch.entries().size());
    header.checkNoSpaceLeft();
    writeCrc(bytes, 0, CRC_BYTES, headerSize);
    int position = CRC_BYTES + headerSize;
    for (Entry entry : batch.entries()) {
      position = encodeFrame(bytes, position, entry);
    }
    return bytes;
  }

  private static int encodeFrame(byte[] bytes, int start, Entry entry) throws IOException {
    int length = entry.getSerializedSize();
    int body = start + CRC_BYTES + varint(length);
    CodedOutputStream.newInstance(bytes, start + CRC_BYTES, varint(length))
        .writeUInt64NoTag(length);
    CodedOutputStream output = CodedOutputStream.newInstance(bytes, body, length);
    entry.writeTo(output);
    output.checkNoSpaceLeft();
    writeCrc(bytes, start, body, length);
    return body + length;
  }

  private static BatchPersisted decodeBatch(byte[] bytes) throws IOException {
    CodedInputStream header = header(bytes);
    long number = header.readUInt64();
    HardState hardState = null;
    if (header.readBool()) {
      hardState = new HardState(header.readUInt64(), header.readUInt64());
    }
    int count = header.readUInt32();
    checkHeader(bytes, header);
    List<Entry> entries = new ArrayList<>(Math.max(0, Math.min(count, bytes.length)));
    int position = CRC_BYTES + header.getTotalBytesRead();
    for (int i = 0; i < count; i++) {
      CodedInputStream prefix =
          CodedInputStream.newInstance(
              bytes, position + CRC_BYTES, remaining(bytes, position + CRC_BYTES));
      int length = prefix.readUInt32();
      int body = position + CRC_BYTES + prefix.getTotalBytesRead();
      if (length < 0 || length > remaining(bytes, body)) {
        throw new JournalDamagedException("entry " + i + " of event " + number + " is cut short");
      }
      checkCrc(bytes, position, body, length, "entry " + i + " of event " + number);
      entries.add(parseEntry(bytes, body, length));
      position = body + length;
    }
    if (position != bytes.length) {
      throw new JournalDamagedException("event " + number + " has bytes after its last entry");
    }
    return new BatchPersisted(number, hardState, List.copyOf(entries));
  }

  /** Shares the event's array with its entries instead of copying each one's data. */
  private static Entry parseEntry(byte[] bytes, int start, int length) throws IOException {
    CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes, start, length).newCodedInput();
    input.enableAliasing(true);
    return Entry.parseFrom(input);
  }

  private static byte[] encodeCompacted(PrefixCompacted event) throws IOException {
    long[] fields = {
      event.number(),
      event.firstNeededEvent(),
      event.hardState().term(),
      event.hardState().vote(),
      event.prefixIndex(),
      event.prefixTerm(),
      event.snapshotIndex(),
      event.lastIndex(),
      event.lastTerm()
    };
    return encodeFields(fields, event.membership());
  }

  private static PrefixCompacted decodeCompacted(byte[] bytes) throws IOException {
    CodedInputStream input = header(bytes);
    long number = input.readUInt64();
    long firstNeededEvent = input.readUInt64();
    HardState hardState = new HardState(input.readUInt64(), input.readUInt64());
    long prefixIndex = input.readUInt64();
    long prefixTerm = input.readUInt64();
    long snapshotIndex = input.readUInt64();
    long lastIndex = input.readUInt64();
    long lastTerm = input.readUInt64();
    ConfState membership = readMembership(bytes, input);
    return new PrefixCompacted(
        number,
        firstNeededEvent,
        hardState,
        prefixIndex,
        prefixTerm,
        snapshotIndex,
        membership,
        lastIndex,
        lastTerm);
  }

  private static byte[] encodeInstalled(SnapshotInstalled event) throws IOException {
    long[] fields = {
      event.number(),
      event.hardState().term(),
      event.hardState().vote(),
      event.index(),
      event.term()
    };
    return encodeFields(fields, event.membership());
  }

  private static SnapshotInstalled decodeInstalled(byte[] bytes) throws IOException {
    CodedInputStream input = header(bytes);
    long number = input.readUInt64();
    HardState hardState = new HardState(input.readUInt64(), input.readUInt64());
    long index = input.readUInt64();
    long term = input.readUInt64();
    return new SnapshotInstalled(number, hardState, index, term, readMembership(bytes, input));
  }

  private static byte[] encodeFields(long[] fields, ConfState membership) throws IOException {
    int size = varint(membership.getSerializedSize()) + membership.getSerializedSize();
    for (long field : fields) {
      size += varint(field);
    }
    byte[] bytes = new byte[CRC_BYTES + size];
    CodedOutputStream output = CodedOutputStream.newInstance(bytes, CRC_BYTES, size);
    for (long field : fields) {
      output.writeUInt64NoTag(field);
    }
    output.writeMessageNoTag(membership);
    output.checkNoSpaceLeft();
    writeCrc(bytes, 0, CRC_BYTES, size);
    return bytes;
  }

  private static ConfState readMembership(byte[] bytes, CodedInputStream input) throws IOException {
    checkCrc(bytes, 0, CRC_BYTES, bytes.length - CRC_BYTES, "an event");
    return ConfState.parseFrom(input.readByteArray());
  }

  private static CodedInputStream header(byte[] bytes) {
    return CodedInputStream.newInstance(bytes, CRC_BYTES, remaining(bytes, CRC_BYTES));
  }

  private static void checkHeader(byte[] bytes, CodedInputStream header) {
    checkCrc(bytes, 0, CRC_BYTES, header.getTotalBytesRead(), "the head of an event");
  }

  private static int remaining(byte[] bytes, int position) {
    if (position > bytes.length) {
      throw new JournalDamagedException("an event is cut short");
    }
    return bytes.length - position;
  }

  private static int varint(long value) {
    return CodedOutputStream.computeUInt64SizeNoTag(value);
  }

  private static void writeCrc(byte[] bytes, int at, int from, int length) {
    int crc = crc(bytes, from, length);
    for (int i = 0; i < CRC_BYTES; i++) {
      bytes[at + i] = (byte) (crc >>> (8 * i));
    }
  }

  private static void checkCrc(byte[] bytes, int at, int from, int length, String what) {
    int stored = 0;
    for (int i = 0; i < CRC_BYTES; i++) {
      stored |= (bytes[at + i] & 0xff) << (8 * i);
    }
    if (stored != crc(bytes, from, length)) {
      throw new JournalDamagedException("the checksum of " + what + " does not hold");
    }
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
