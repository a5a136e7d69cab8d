package io.sampo.persistence.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.persistence.snapshot.Bucket;
import io.sampo.persistence.snapshot.BucketVisitor;
import io.sampo.persistence.snapshot.SnapshotId;
import io.sampo.persistence.snapshot.SnapshotImage;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.protocol.raftpb.Snapshot;
import io.sampo.protocol.raftpb.SnapshotMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdDirectoryTest {
  @TempDir Path directory;

  private Path log;
  private Path snapshots;

  @BeforeEach
  void aLogWithTwoSnapshots() throws IOException {
    log = directory.resolve("wal");
    snapshots = Files.createDirectories(directory.resolve("snap"));
    new WalWriter()
        .entry(1, 1, "a")
        .entry(2, 2, "b")
        .state(2, 1, 2)
        .snapshot(2, 2)
        .entry(2, 3, "c")
        .entry(2, 4, "d")
        .state(2, 1, 4)
        .snapshot(2, 4)
        .entry(2, 5, "e")
        .writeTo(log, 512);
    snap(2, 2);
    snap(2, 4);
  }

  @Test
  void theNewestSnapshotThatTheLogNamesCounts() throws IOException {
    snap(3, 9);
    database("db", 5);
    try (EtcdDirectory etcd = open()) {
      assertEquals(new SnapshotPosition(2, 4), etcd.base());
      assertEquals("2-4", etcd.snapshot().orElseThrow().getData().toStringUtf8());
      assertEquals(snapshots.resolve("db"), etcd.database());
      assertEquals(5, etcd.consistentIndex());
    }
  }

  @Test
  void aDamagedOneIsPassedOver() throws IOException {
    Path newest = snapshots.resolve("0000000000000002-0000000000000004.snap");
    byte[] bytes = Files.readAllBytes(newest);
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x01;
      Files.write(newest, damaged);
      database("db", 4);
      try (EtcdDirectory etcd = open()) {
        assertEquals(new SnapshotPosition(2, 2), etcd.base(), "bit at " + at);
      }
    }
  }

  @Test
  void withoutAnyTheLogStillNamesThePlace() throws IOException {
    Files.delete(snapshots.resolve("0000000000000002-0000000000000002.snap"));
    Files.delete(snapshots.resolve("0000000000000002-0000000000000004.snap"));
    database("db", 5);
    try (EtcdDirectory etcd = open()) {
      assertEquals(new SnapshotPosition(2, 4), etcd.base());
      assertTrue(etcd.snapshot().isEmpty());
    }
  }

  /** As 3.8 leaves it, which makes no such files, on a directory of a version that did. */
  @Test
  void aFileFromBeforeTheOnesThatTheLogNamesWithoutFilesDoesNotCount() throws IOException {
    Files.delete(snapshots.resolve("0000000000000002-0000000000000004.snap"));
    database("db", 5, "3.7.0");
    try (EtcdDirectory etcd = open()) {
      assertEquals(new SnapshotPosition(2, 4), etcd.base());
      assertTrue(etcd.snapshot().isEmpty());
    }
    database("db", 5);
    try (EtcdDirectory etcd = open()) {
      assertEquals(new SnapshotPosition(2, 2), etcd.base(), "3.4 may have been stopped between");
    }
  }

  /** The member was sent a snapshot: entries before it are not there. */
  @Test
  void norDoesOneThatTheLogDoesNotGoOnFrom() throws IOException {
    Path gap = directory.resolve("gap");
    new WalWriter()
        .entry(1, 1, "a")
        .entry(2, 2, "b")
        .state(2, 1, 2)
        .snapshot(2, 2)
        .snapshot(3, 20)
        .state(3, 1, 20)
        .entry(3, 21, "u")
        .writeTo(gap, 512);
    database("db", 2, "3.7.0");
    database("0000000000000014.snap.db", 20, "3.7.0");
    try (EtcdDirectory etcd = EtcdDirectory.open(snapshots, gap)) {
      assertEquals(new SnapshotPosition(3, 20), etcd.base());
      assertEquals(snapshots.resolve("0000000000000014.snap.db"), etcd.database());
      List<Long> after = new ArrayList<>();
      etcd.wal().entriesAfter(20, entry -> after.add(entry.getIndex()));
      assertEquals(List.of(21L), after);
    }
  }

  @Test
  void aDatabaseThatJustCameIsTakenByItsIndex() throws IOException {
    database("db", 3);
    database("0000000000000004.snap.db", 4);
    try (EtcdDirectory etcd = open()) {
      assertEquals(snapshots.resolve("0000000000000004.snap.db"), etcd.database());
      assertEquals(4, etcd.consistentIndex());
    }
  }

  @Test
  void aDatabaseBeforeTheSnapshotIsRefused() throws IOException {
    database("db", 3);
    assertRefused("the database (index 3) does not match with the snapshot (index 4)");
  }

  @Test
  void aMissingDatabaseIsRefused() {
    assertRefused("the database file of the backend is missing");
  }

  @Test
  void whatIsRefusedIsLetGo() throws IOException {
    assertRefused("missing");
    database("db", 4);
    open().close();
    open().close();
  }

  private EtcdDirectory open() throws IOException {
    return EtcdDirectory.open(snapshots, log);
  }

  private void assertRefused(String problem) {
    EtcdFormatException refused = assertThrows(EtcdFormatException.class, () -> open().close());
    assertTrue(refused.getMessage().contains(problem), refused.getMessage());
  }

  private void snap(long term, long index) throws IOException {
    ByteString data =
        Snapshot.newBuilder()
            .setData(ByteString.copyFromUtf8(term + "-" + index))
            .setMetadata(SnapshotMetadata.newBuilder().setTerm(term).setIndex(index))
            .build()
            .toByteString();
    CRC32C crc = new CRC32C();
    crc.update(data.asReadOnlyByteBuffer());
    Files.write(
        snapshots.resolve(String.format("%016x-%016x.snap", term, index)),
        io.sampo.protocol.snappb.Snapshot.newBuilder()
            .setCrc((int) crc.getValue())
            .setData(data)
            .build()
            .toByteArray());
  }

  private void database(String name, long consistentIndex) throws IOException {
    database(name, consistentIndex, "");
  }

  /**
   * @param version empty for what etcd before 3.6 left
   */
  private void database(String name, long consistentIndex, String version) throws IOException {
    Bucket meta =
        new Bucket() {
          @Override
          public String name() {
            return "meta";
          }

          @Override
          public void forEach(BucketVisitor visitor) {
            visitor.accept(
                "consistent_index".getBytes(StandardCharsets.UTF_8),
                ByteBuffer.allocate(8).putLong(consistentIndex).array());
            if (!version.isEmpty()) {
              visitor.accept(
                  "storageVersion".getBytes(StandardCharsets.UTF_8),
                  version.getBytes(StandardCharsets.UTF_8));
            }
          }
        };
    Path made =
        SnapshotStore.open(directory.resolve("made"), () -> 0)
            .save(new SnapshotId(1, consistentIndex), new SnapshotImage(List.of(meta)))
            .snapshot()
            .path();
    Files.move(made, snapshots.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }
}
