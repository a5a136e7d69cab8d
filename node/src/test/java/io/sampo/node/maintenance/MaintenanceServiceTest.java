package io.sampo.node.maintenance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.node.edge.Answers;
import io.sampo.node.edge.LongWork;
import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.request.Proposer;
import io.sampo.node.request.ReadBarrier;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.RequestIds;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.ImageHash;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.node.state.mvcc.KeyHash;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.persistence.snapshot.SnapshotVerifier;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmRequest.AlarmAction;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.DefragmentRequest;
import io.sampo.protocol.etcdserverpb.HashKVRequest;
import io.sampo.protocol.etcdserverpb.HashKVResponse;
import io.sampo.protocol.etcdserverpb.HashRequest;
import io.sampo.protocol.etcdserverpb.HashResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.MoveLeaderRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.SnapshotRequest;
import io.sampo.protocol.etcdserverpb.SnapshotResponse;
import io.sampo.protocol.etcdserverpb.StatusRequest;
import io.sampo.protocol.etcdserverpb.StatusResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told. */
class MaintenanceServiceTest {
  private static final long MEMBER = 0xae;
  private static final long CLUSTER = 0xc1;

  private final TestInbox<RaftCommand> raft = TestInbox.create();
  private final PendingRequests<ApplyResult> pending =
      new PendingRequests<>(() -> 0, Long.MAX_VALUE);
  private final MetricsRegistry registry = new MetricsRegistry();
  private final StateMachine machine = new StateMachine(StateSettings.DEFAULT);
  private final PublishedState state = new PublishedState(machine.state());
  private final HashStorage hashes = new HashStorage();
  private RaftStatus status = new RaftStatus(MEMBER, 7, MEMBER, RoleName.LEADER, 12, 11);
  private final MaintenanceService service = service();
  private long index;

  private MaintenanceService service() {
    Answers answers = new Answers(Runnable::run);
    Proposer<ApplyResult> proposer =
        new Proposer<>(
            raft.getRef(),
            () -> 0,
            new RequestIds(1, 0),
            pending,
            1000,
            false,
            new RequestMetrics(registry, () -> 0, () -> 0));
    return new MaintenanceService(
        new RequestGate(
            proposer,
            TestInbox.<ReadBarrier.Command>create().getRef(),
            state,
            Quota.ofFlag(0),
            MEMBER,
            answers),
        state,
        () -> status,
        new ResponseHeaders(CLUSTER, MEMBER, () -> status, () -> state.keys().revision()),
        hashes,
        new MaintenanceService.Versions("3.7.1", 4096),
        new MaintenanceMetrics(registry),
        () -> 0,
        new LeaderTransfer(
            raft.getRef()::tell, () -> state.get().cluster(), () -> status, () -> 0, answers),
        new LongWork(Runnable::run));
  }

  private ApplyResult apply(InternalRaftRequest request) {
    ApplyResult result = machine.apply(request, ++index, 7);
    state.set(machine.state());
    return result;
  }

  private void put(String value) {
    apply(
        InternalRaftRequest.newBuilder()
            .setPut(
                PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("k"))
                    .setValue(ByteString.copyFromUtf8(value)))
            .build());
  }

  private void compact(long revision) {
    apply(
        InternalRaftRequest.newBuilder()
            .setCompaction(CompactionRequest.newBuilder().setRevision(revision))
            .build());
  }

  private void raise(AlarmType alarm, long member) {
    apply(
        InternalRaftRequest.newBuilder()
            .setAlarm(
                AlarmRequest.newBuilder()
                    .setAction(AlarmAction.ACTIVATE)
                    .setMemberID(member)
                    .setAlarm(alarm))
            .build());
  }

  private static <T> T get(CompletionStage<T> answer) {
    return answer.toCompletableFuture().join();
  }

  private static String errorOf(CompletionStage<?> answer) {
    var failure = assertThrows(CompletionException.class, () -> get(answer));
    EtcdException error = (EtcdException) failure.getCause();
    return error.code() + " " + error.text();
  }

  private CompletionStage<HashKVResponse> hashKv(long revision) {
    return service.hashKV(HashKVRequest.newBuilder().setRevision(revision).build(), null);
  }

  @Test
  void hashIsThatOfTheWholeDatabase() {
    put("a");
    HashResponse response = get(service.hash(HashRequest.getDefaultInstance(), null));
    assertEquals(ImageHash.of(machine.image()), response.getHash());
    assertEquals(2, response.getHeader().getRevision());
    assertEquals(MEMBER, response.getHeader().getMemberId());
    assertEquals(1, MetricsPage.value(registry, "etcd_mvcc_hash_duration_seconds_count"));
  }

  @Test
  void hashKvIsThatOfTheRevisionWhateverCameLater() {
    put("a");
    put("b");
    int atThree = get(hashKv(0)).getHash();
    put("c");
    HashKVResponse response = get(hashKv(3));
    assertEquals(atThree, response.getHash());
    assertEquals(3, response.getHashRevision());
    assertEquals(-1, response.getCompactRevision());
    assertEquals(4, response.getHeader().getRevision());
    assertEquals(4, get(hashKv(0)).getHashRevision(), "0 is the newest");
  }

  @Test
  void hashKvOfACompactedOrFutureRevisionFails() {
    put("a");
    put("b");
    compact(3);
    assertEquals(
        "OUT_OF_RANGE etcdserver: mvcc: required revision has been compacted", errorOf(hashKv(2)));
    assertEquals(
        "OUT_OF_RANGE etcdserver: mvcc: required revision is a future revision",
        errorOf(hashKv(4)));
    assertEquals(3, get(hashKv(3)).getCompactRevision());
  }

  @Test
  void hashKvOfACompactionIsTheHashThatItStored() {
    put("a");
    put("b");
    KeyHash stored = KeyHash.ofCompaction(state.keys(), 3);
    hashes.store(stored);
    compact(3);
    assertEquals(stored.hash(), get(hashKv(3)).getHash());
    assertEquals(-1, get(hashKv(3)).getCompactRevision());
  }

  /** As etcdctl saves it: the pieces of the file, then its SHA-256. */
  @Test
  void aSnapshotStreamIsABboltFileWithItsChecksum(@TempDir Path directory) throws Exception {
    for (int i = 0; i < 100; i++) {
      put("v".repeat(1000));
    }
    List<SnapshotResponse> pieces = snapshot();
    ByteString all = ByteString.EMPTY;
    long total = pieces.get(0).getRemainingBytes() + pieces.get(0).getBlob().size();
    for (SnapshotResponse piece : pieces.subList(0, pieces.size() - 1)) {
      all = all.concat(piece.getBlob());
      assertEquals(total - all.size(), piece.getRemainingBytes());
      assertTrue(piece.getBlob().size() <= 32 * 1024);
      assertEquals("3.7.0", piece.getVersion());
    }
    SnapshotResponse last = pieces.get(pieces.size() - 1);
    assertEquals(0, last.getRemainingBytes());
    assertEquals(total, all.size());
    assertArrayEquals(
        MessageDigest.getInstance("SHA-256").digest(all.toByteArray()),
        last.getBlob().toByteArray());
    assertHoldsTheKeys(directory.resolve("db"), all.concat(last.getBlob()));
    assertEquals(
        1, MetricsPage.value(registry, "etcd_disk_backend_snapshot_duration_seconds_count"));
  }

  private List<SnapshotResponse> snapshot() throws Exception {
    ActorTestKit kit = ActorTestKit.create();
    try {
      return service
          .snapshot(SnapshotRequest.getDefaultInstance(), null)
          .runWith(Sink.seq(), kit.system())
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } finally {
      kit.shutdownTestKit();
    }
  }

  private void assertHoldsTheKeys(Path file, ByteString bytes) throws IOException {
    Files.write(file, bytes.toByteArray());
    SnapshotVerifier.verify(file);
    try (BboltReader reader = BboltReader.open(file)) {
      StateMachine restored = StateMachine.restore(StateSettings.DEFAULT, reader::forEach);
      assertEquals(101, restored.view().revision());
      assertEquals(ImageHash.of(machine.image()), ImageHash.of(restored.image()));
    }
  }

  private StatusResponse status() {
    return get(service.status(StatusRequest.getDefaultInstance(), null));
  }

  @Test
  void statusSaysWhatRaftAndTheStateAre() {
    put("a");
    StatusResponse response = status();
    assertEquals(CLUSTER, response.getHeader().getClusterId());
    assertEquals(MEMBER, response.getHeader().getMemberId());
    assertEquals(2, response.getHeader().getRevision());
    assertEquals("3.7.1", response.getVersion());
    assertEquals("3.7.0", response.getStorageVersion());
    assertEquals(state.get().sizeBytes(), response.getDbSize());
    assertEquals(state.get().sizeBytes(), response.getDbSizeInUse());
    assertEquals(4096, response.getDbSizeQuota());
    assertEquals(MEMBER, response.getLeader());
    assertEquals(7, response.getRaftTerm());
    assertEquals(12, response.getRaftIndex());
    assertEquals(1, response.getRaftAppliedIndex());
    assertFalse(response.getIsLearner());
    assertFalse(response.getDowngradeInfo().getEnabled());
    assertEquals(List.of(), response.getErrorsList());
  }

  @Test
  void theErrorsOfAStatusAreTheMissingLeaderAndTheAlarms() {
    status = new RaftStatus(MEMBER, 7, 0, RoleName.FOLLOWER, 12, 11);
    raise(AlarmType.NOSPACE, -1);
    raise(AlarmType.CORRUPT, 3);
    assertEquals(
        List.of(
            "etcdserver: no leader",
            "memberID:18446744073709551615 alarm:NOSPACE",
            "memberID:3 alarm:CORRUPT"),
        status().getErrorsList().stream().sorted().toList());
  }

  @Test
  void anAlarmRequestIsAnsweredOnceApplied() throws Exception {
    AlarmRequest get = AlarmRequest.newBuilder().setAction(AlarmAction.GET).build();
    CompletionStage<AlarmResponse> answer = service.alarm(get, null);
    var proposal = (RaftCommand.Propose) raft.receiveMessage();
    InternalRaftRequest request = InternalRaftRequest.parseFrom(proposal.data());
    assertEquals(get, request.getAlarm());
    raise(AlarmType.CORRUPT, 3);
    assertFalse(answer.toCompletableFuture().isDone());
    pending.complete(request.getHeader().getID(), apply(request));
    assertEquals(3, get(answer).getAlarms(0).getMemberID());
    assertEquals(CLUSTER, get(answer).getHeader().getClusterId());
  }

  @Test
  void anUnknownAlarmActionIsRefusedAndNotProposed() {
    AlarmRequest unknown = AlarmRequest.newBuilder().setActionValue(9).build();
    assertEquals(
        "INVALID_ARGUMENT etcdserver: unknown alarm action", errorOf(service.alarm(unknown, null)));
    assertFalse(raft.hasMessages());
  }

  @Test
  void onlyALeaderMovesItsLeadership() {
    status = new RaftStatus(MEMBER, 7, 3, RoleName.FOLLOWER, 12, 11);
    assertEquals(
        "FAILED_PRECONDITION etcdserver: not leader",
        errorOf(service.moveLeader(MoveLeaderRequest.newBuilder().setTargetID(3).build(), null)));
  }

  @Test
  void defragmentingIsCountedAndChangesNothing() {
    put("a");
    int before = ImageHash.of(machine.image());
    get(service.defragment(DefragmentRequest.getDefaultInstance(), null));
    assertEquals(before, ImageHash.of(machine.image()));
    assertEquals(1, MetricsPage.value(registry, "etcd_disk_backend_defrag_duration_seconds_count"));
  }
}
