package io.sampo.persistence.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.protocol.etcdserverpb.Metadata;
import io.sampo.protocol.raftpb.HardState;
import io.sampo.protocol.walpb.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One pass over a log that keeps nothing but what it says as a whole. */
final class WalScan {
  private final Path directory;
  private final List<SnapshotPosition> snapshots = new ArrayList<>();
  private HardState hardState = HardState.getDefaultInstance();
  private ByteString metadata;

  private WalScan(Path directory) {
    this.directory = directory;
  }

  static WalSummary of(Path directory, List<WalSegment> segments) throws IOException {
    WalScan scan = new WalScan(directory);
    WalReader reader = new WalReader(segments);
    for (WalRecord record = reader.next(); record != null; record = reader.next()) {
      scan.take(record);
    }
    return scan.summary(reader);
  }

  private void take(WalRecord record) throws IOException {
    switch (record.kind()) {
      case METADATA -> takeMetadata(record.data());
      case STATE -> hardState = state(record.data());
      case SNAPSHOT -> snapshots.add(snapshot(record.data()));
      case ENTRY, CHECKSUM -> {
        // Entries are read again from the snapshot on that is chosen after this pass.
      }
    }
  }

  /** Every segment repeats it. */
  private void takeMetadata(ByteString data) throws IOException {
    if (metadata != null && !metadata.equals(data)) {
      throw new EtcdFormatException(directory, "two segments are of different members");
    }
    metadata = data;
  }

  private HardState state(ByteString data) throws IOException {
    try {
      return HardState.parseFrom(data);
    } catch (InvalidProtocolBufferException e) {
      throw new EtcdFormatException(directory, "a hard state cannot be read");
    }
  }

  private SnapshotPosition snapshot(ByteString data) throws IOException {
    try {
      Snapshot snapshot = Snapshot.parseFrom(data);
      return new SnapshotPosition(snapshot.getTerm(), snapshot.getIndex());
    } catch (InvalidProtocolBufferException e) {
      throw new EtcdFormatException(directory, "the record of a snapshot cannot be read");
    }
  }

  private WalSummary summary(WalReader reader) throws IOException {
    if (metadata == null) {
      throw new EtcdFormatException(directory, "the log does not say whose it is");
    }
    Metadata owner;
    try {
      owner = Metadata.parseFrom(metadata);
    } catch (InvalidProtocolBufferException e) {
      throw new EtcdFormatException(directory, "what the log says of its owner cannot be read");
    }
    if (owner.getNodeID() == 0) {
      throw new EtcdFormatException(directory, "the log is of no member");
    }
    long commit = hardState.getCommit();
    return new WalSummary(
        owner.getNodeID(),
        owner.getClusterID(),
        hardState,
        snapshots.stream().filter(it -> Long.compareUnsigned(it.index(), commit) <= 0).toList(),
        reader.torn().map(torn -> torn.segment().path() + " ends at byte " + torn.offset()));
  }
}
