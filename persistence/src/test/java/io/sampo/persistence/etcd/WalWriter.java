package io.sampo.persistence.etcd;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.Metadata;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.HardState;
import io.sampo.protocol.walpb.Record;
import io.sampo.protocol.walpb.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes a log as etcd does, with all its bytes at hand. */
public final class WalWriter {
  public static final long MEMBER = 0x8e9e05c52164694dL;
  public static final long CLUSTER = 0xcdf818194e3a8c32L;

  private final List<ByteArrayOutputStream> segments = new ArrayList<>();
  private final List<WalName> names = new ArrayList<>();

  /** The offsets behind the records of the last segment. */
  private final List<Integer> ends = new ArrayList<>();

  private final CRC32C crc = new CRC32C();
  private HardState hardState;

  public WalWriter() {
    begin(new WalName(0, 0));
    snapshot(0, 0);
  }

  private void begin(WalName name) {
    names.add(name);
    segments.add(new ByteArrayOutputStream());
    ends.clear();
    frame(Record.newBuilder().setType(4).setCrc((int) crc.getValue()).build());
    record(1, Metadata.newBuilder().setNodeID(MEMBER).setClusterID(CLUSTER).build().toByteString());
    if (hardState != null) {
      record(3, hardState.toByteString());
    }
  }

  /** A new segment for the entries from {@code index} on. */
  public WalWriter cut(long index) {
    begin(new WalName(names.size(), index));
    return this;
  }

  public WalWriter entry(long term, long index, String data) {
    return entry(
        Entry.newBuilder()
            .setTerm(term)
            .setIndex(index)
            .setData(ByteString.copyFromUtf8(data))
            .build());
  }

  public WalWriter entry(Entry entry) {
    return record(2, entry.toByteString());
  }

  public WalWriter state(long term, long vote, long commit) {
    hardState = HardState.newBuilder().setTerm(term).setVote(vote).setCommit(commit).build();
    return record(3, hardState.toByteString());
  }

  public WalWriter snapshot(long term, long index) {
    return record(5, Snapshot.newBuilder().setTerm(term).setIndex(index).build().toByteString());
  }

  WalWriter record(long type, ByteString data) {
    crc.update(data.asReadOnlyByteBuffer());
    frame(Record.newBuilder().setType(type).setCrc((int) crc.getValue()).setData(data).build());
    return this;
  }

  private void frame(Record record) {
    byte[] bytes = record.toByteArray();
    int padding = -bytes.length & 7;
    long length = bytes.length | (padding == 0 ? 0 : (0x80L | padding) << 56);
    ByteArrayOutputStream segment = segments.get(segments.size() - 1);
    segment.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    segment.writeBytes(bytes);
    segment.writeBytes(new byte[padding]);
    ends.add(segment.size());
  }

  int segments() {
    return segments.size();
  }

  byte[] bytes(int segment) {
    return segments.get(segment).toByteArray();
  }

  List<Integer> ends() {
    return List.copyOf(ends);
  }

  Path file(Path directory, int segment) {
    WalName name = names.get(segment);
    return directory.resolve(String.format("%016x-%016x.wal", name.sequence(), name.index()));
  }

  /**
   * Writes all segments.
   *
   * @param spare zeros behind each of them, as etcd allocates space in advance
   */
  public void writeTo(Path directory, int spare) throws IOException {
    Files.createDirectories(directory);
    for (int i = 0; i < segments.size(); i++) {
      byte[] bytes = bytes(i);
      Files.write(file(directory, i), java.util.Arrays.copyOf(bytes, bytes.length + spare));
    }
  }
}
