package io.sampo.node.state;

import static io.sampo.node.state.Requests.put;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.state.mvcc.KeyHash;
import io.sampo.persistence.snapshot.BboltLayout;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.persistence.snapshot.Bucket;
import io.sampo.persistence.snapshot.BucketCursor;
import io.sampo.persistence.snapshot.SnapshotImage;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmRequest.AlarmAction;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.ClusterVersionSetRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state as etcd's database, and back. */
class SnapshotImageTest {
  private final Machine machine = new Machine();

  @BeforeEach
  void aLittleOfEverything() {
    machine.done(Requests.grant(7, 60));
    machine.done(Requests.grant(-7, 60));
    machine.put(put("a", "1").setLease(7));
    machine.put("b", "1");
    machine.put("b", "2");
    machine.put("c", "1");
    machine.delete("c");
    machine.put("d", "1");
    machine.done(
        InternalRaftRequest.newBuilder()
            .setClusterVersionSet(ClusterVersionSetRequest.newBuilder().setVer("3.7.0"))
            .build());
    machine.done(
        InternalRaftRequest.newBuilder()
            .setAlarm(
                AlarmRequest.newBuilder()
                    .setAction(AlarmAction.ACTIVATE)
                    .setMemberID(1)
                    .setAlarm(AlarmType.NOSPACE))
            .build());
  }

  @Test
  void allOfEtcdsBucketsAreThere() {
    assertEquals(
        List.of(
            "alarm",
            "auth",
            "authRoles",
            "authUsers",
            "cluster",
            "key",
            "lease",
            "members",
            "members_removed",
            "meta"),
        machine.state.image().buckets().stream().map(Bucket::name).toList());
  }

  @Test
  void theMetaBucketSaysWhatItCovers() {
    machine.done(Requests.compact(4));
    Map<String, String> meta =
        machine.contents().get("meta").stream()
            .collect(
                Collectors.toMap(
                    entry -> new String(entry[0], UTF_8),
                    entry -> HexFormat.of().formatHex(entry[1])));
    assertEquals("000000000000000b", meta.get("consistent_index"));
    assertEquals("0000000000000001", meta.get("term"));
    assertEquals("00000000000000045f0000000000000000", meta.get("scheduledCompactRev"));
    assertEquals("00000000000000045f0000000000000000", meta.get("finishedCompactRev"));
    assertEquals(HexFormat.of().formatHex("3.7.0".getBytes(UTF_8)), meta.get("storageVersion"));
    assertEquals(
        HexFormat.of().formatHex("{\"auto_leave\":false}".getBytes(UTF_8)), meta.get("confState"));
  }

  @Test
  void keysOfEveryBucketAreInOrderAndCursorsGiveWhatVisitorsSee() {
    machine.done(Requests.compact(5));
    for (Bucket bucket : machine.state.image().buckets()) {
      byte[][] last = {new byte[0]};
      BucketCursor cursor = bucket.cursor();
      bucket.forEach(
          (key, value) -> {
            assertTrue(Arrays.compareUnsigned(last[0], key) < 0);
            last[0] = key;
            assertTrue(cursor.next());
            assertArrayEquals(key, cursor.key());
            assertArrayEquals(value, cursor.value());
          });
      assertTrue(!cursor.next());
    }
  }

  @Test
  void anImageStaysAsItWasWhileWritesGoOn() {
    SnapshotImage image = machine.state.image();
    int hash = ImageHash.of(image);
    machine.done(Requests.raft(Requests.delete("a", "")));
    machine.done(Requests.revoke(-7));
    machine.done(Requests.compact(machine.revision()));
    while (machine.state.compactStep()) {}
    assertEquals(hash, ImageHash.of(image));
  }

  @Test
  void aRestoredStateIsTheSameState() {
    for (long compacted : new long[] {-1, 3, 5, 6}) {
      if (compacted > 0) {
        machine.done(Requests.compact(compacted));
      }
      Machine restored = machine.restarted();
      assertSameImage(machine, restored);
      assertEquals(KeyHash.of(machine.state.view(), 0), KeyHash.of(restored.state.view(), 0));
      assertEquals(machine.state.view().revision(), restored.state.view().revision());
      assertEquals(machine.state.view().compactRevision(), restored.state.view().compactRevision());
      assertEquals(machine.state.appliedIndex(), restored.state.appliedIndex());
      assertEquals(machine.state.alarms(), restored.state.alarms());
      assertEquals(machine.state.cluster(), restored.state.cluster());
      restored.done(Requests.raft(Requests.delete("a", "\0")));
    }
  }

  @Test
  void aScheduledCompactionOfEtcdIsDoneAfterRestoring() throws IOException {
    Map<String, List<byte[][]>> buckets = machine.contents();
    buckets
        .get("meta")
        .add(
            new byte[][] {
              "scheduledCompactRev".getBytes(UTF_8),
              HexFormat.of().parseHex("00000000000000065f0000000000000000")
            });
    StateMachine restored = restore(buckets);
    assertEquals(6, restored.view().compactRevision());
    long before = restored.sizeBytes();
    while (restored.compactStep()) {}
    assertTrue(restored.sizeBytes() < before);
  }

  @Test
  void aTombstoneThatCompactionTookDoesNotTurnTheRevisionBack() throws IOException {
    machine.delete("d");
    machine.done(Requests.raft(Requests.delete("a", "\0")));
    long revision = machine.revision();
    machine.done(Requests.compact(revision));
    Map<String, List<byte[][]>> buckets = machine.contents();
    buckets.get("key").clear();
    assertEquals(revision, restore(buckets).view().revision());
  }

  @Test
  void aDamagedUserOrRoleIsRefused() {
    for (String bucket : List.of("authUsers", "authRoles")) {
      Map<String, List<byte[][]>> buckets = machine.contents();
      buckets.get(bucket).add(new byte[][] {"root".getBytes(UTF_8), {1, 2}});
      assertThrows(IllegalArgumentException.class, () -> restore(buckets));
    }
  }

  @Test
  void damagedEntriesAreRefused() {
    Map<String, List<byte[][]>> buckets = machine.contents();
    buckets.get("key").add(buckets.get("key").get(0));
    assertThrows(IllegalArgumentException.class, () -> restore(buckets));
  }

  @Test
  void itGoesThroughABboltFileAndBack(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("db");
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      BboltLayout.plan(machine.state.image()).writeTo(channel);
    }
    try (BboltReader reader = BboltReader.open(path)) {
      StateMachine restored = StateMachine.restore(StateSettings.DEFAULT, reader::forEach);
      assertEquals(ImageHash.of(machine.state.image()), ImageHash.of(restored.image()));
    }
  }

  private static StateMachine restore(Map<String, List<byte[][]>> buckets) throws IOException {
    return StateMachine.restore(
        StateSettings.DEFAULT,
        (name, visitor) ->
            buckets
                .getOrDefault(name, List.of())
                .forEach(entry -> visitor.accept(entry[0], entry[1])));
  }

  private static void assertSameImage(Machine expected, Machine actual) {
    Map<String, List<byte[][]>> left = expected.contents();
    Map<String, List<byte[][]>> right = actual.contents();
    assertEquals(left.keySet(), right.keySet());
    for (String bucket : left.keySet()) {
      assertEquals(left.get(bucket).size(), right.get(bucket).size(), bucket);
      for (int i = 0; i < left.get(bucket).size(); i++) {
        assertArrayEquals(left.get(bucket).get(i), right.get(bucket).get(i), bucket);
      }
    }
  }
}
