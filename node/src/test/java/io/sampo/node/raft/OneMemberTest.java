package io.sampo.node.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.RaftCommand.Applied;
import io.sampo.node.raft.RaftCommand.HandOver;
import io.sampo.node.raft.RaftCommand.Propose;
import io.sampo.node.raft.RaftCommand.ReadIndex;
import io.sampo.node.raft.RaftCommand.TransferLeadership;
import io.sampo.node.raft.RaftEnvironment.SnapshotToInstall;
import io.sampo.persistence.log.HardState;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A cluster of one, on real actors. */
class OneMemberTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final long SELF = 0x8e9e05c52164694dL;

  private final FakeLog disk = new FakeLog();
  private final List<RaftStatus> statuses = new CopyOnWriteArrayList<>();
  private final TestProbe<CommittedEntries> applier = KIT.createTestProbe();
  private final TestProbe<SnapshotToInstall> installer = KIT.createTestProbe();
  private final TestProbe<LeadershipChange> leadership = KIT.createTestProbe();
  private final MetricsRegistry registry = new MetricsRegistry();
  private final RaftMetrics metrics =
      new RaftMetrics(
          registry,
          new PublishedStatus(SELF, System::nanoTime),
          System::nanoTime,
          Duration.ofMillis(100));
  private final AtomicInteger begun = new AtomicInteger();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private ActorRef<RaftCommand> start(RaftSettings settings) {
    RaftEnvironment environment =
        new RaftEnvironment(
            disk::behavior,
            applier.getRef()::tell,
            installer.getRef()::tell,
            leadership.getRef()::tell,
            message -> {
              throw new AssertionError("nobody to send to: " + message);
            },
            statuses::add,
            begun::incrementAndGet,
            metrics,
            new Random(1),
            io.sampo.node.raft.core.RaftRules.STANDARD);
    return KIT.spawn(RaftActor.create(settings, environment));
  }

  private static RaftSettings settings() {
    return RaftSettings.of(SELF, Bootstrap.entries(SELF));
  }

  private List<Entry> applyUpTo(ActorRef<RaftCommand> raft, long index) {
    List<Entry> entries = new ArrayList<>();
    while (entries.isEmpty() || entries.get(entries.size() - 1).getIndex() < index) {
      entries.addAll(applier.receiveMessage().entries());
      raft.tell(new Applied(entries.get(entries.size() - 1).getIndex()));
    }
    return entries;
  }

  @Test
  void leadsAtOnceThroughTheRoles() {
    ActorRef<RaftCommand> raft = start(settings());
    List<Entry> entries = applyUpTo(raft, 2);
    assertEquals(new LeadershipChange(true, 2), leadership.receiveMessage());
    assertEquals(1, entries.get(0).getTerm());
    assertEquals(2, entries.get(1).getTerm());
    assertEquals(
        List.of(RoleName.FOLLOWER, RoleName.CANDIDATE, RoleName.LEADER),
        statuses.stream().map(RaftStatus::role).distinct().toList());
    assertEquals(SELF, statuses.get(statuses.size() - 1).leaderId());
    assertEquals(2, disk.hardState.term());
    assertEquals(SELF, disk.hardState.vote());
    assertEquals(1, begun.get());
    assertEquals(
        disk.entries.stream().mapToInt(Entry::getSerializedSize).sum(),
        MetricsPage.value(registry, "etcd_disk_wal_write_bytes_total"));
    assertTrue(MetricsPage.value(registry, "etcd_disk_wal_fsync_duration_seconds_count") > 0);
    assertEquals(1, MetricsPage.value(registry, "etcd_server_leader_changes_seen_total"));
  }

  @Test
  void commitsProposalsInOrderAndOnlyWhatIsDurable() {
    ActorRef<RaftCommand> raft = start(settings());
    applyUpTo(raft, 2);
    for (int i = 0; i < 1_000; i++) {
      raft.tell(new Propose(Integer.toString(i).getBytes(StandardCharsets.US_ASCII)));
    }
    List<Entry> entries = applyUpTo(raft, 1_002);
    for (int i = 0; i < 1_000; i++) {
      assertEquals(Integer.toString(i), entries.get(i).getData().toStringUtf8());
      assertEquals(entries.get(i), disk.entries.get(i + 2));
    }
  }

  @Test
  void answersAReadOnlyAfterAnEntryOfItsTermIsCommitted() {
    TestProbe<ReadIndexReply> reader = KIT.createTestProbe();
    ActorRef<RaftCommand> raft = start(settings());
    raft.tell(new ReadIndex(7, reader.getRef()));
    assertEquals(new ReadIndexReply.ReadState(7, 2), reader.receiveMessage());
    raft.tell(new Propose(new byte[] {1}));
    applyUpTo(raft, 3);
    raft.tell(new ReadIndex(8, reader.getRef()));
    assertEquals(new ReadIndexReply.ReadState(8, 3), reader.receiveMessage());
  }

  @Test
  void goesOnAfterARestartFromLogAndSnapshot() {
    ActorRef<RaftCommand> first = start(settings());
    applyUpTo(first, 2);
    first.tell(new Propose(new byte[] {2}));
    applyUpTo(first, 3);
    first.tell(
        new RaftCommand.SnapshotTaken(
            3, 2, io.sampo.node.raft.core.Membership.EMPTY.toConfState()));
    KIT.stop(first);

    ActorRef<RaftCommand> second =
        start(
            RaftSettings.of(SELF, List.of())
                .withRestored(
                    new RaftSettings.Restored(
                        3,
                        2,
                        io.sampo.protocol.raftpb.ConfState.newBuilder().addVoters(SELF).build())));
    List<Entry> entries = applyUpTo(second, 4);
    assertEquals(4, entries.get(0).getIndex());
    assertEquals(3, entries.get(0).getTerm());
  }

  /** A snapshot became durable while the disk of the log stood still with its sender's term. */
  @Test
  void aSnapshotOfALaterTermThanTheLogHeardOfRaisesTheTerm() {
    disk.hardState = new HardState(2, 7);
    ConfState self = ConfState.newBuilder().addVoters(SELF).build();
    ActorRef<RaftCommand> raft =
        start(
            RaftSettings.of(SELF, List.of()).withRestored(new RaftSettings.Restored(155, 3, self)));
    List<Entry> entries = applyUpTo(raft, 156);
    assertEquals(156, entries.get(0).getIndex());
    assertEquals(4, entries.get(0).getTerm());
    assertEquals(new HardState(4, SELF), disk.hardState);
  }

  @Test
  void transfersOnlyToVoters() {
    ActorRef<RaftCommand> raft = start(settings());
    applyUpTo(raft, 2);
    CompletableFuture<TransferReply> toAStranger = new CompletableFuture<>();
    raft.tell(new TransferLeadership(5, into(toAStranger)));
    assertEquals(TransferReply.Outcome.BAD_TRANSFEREE, toAStranger.join().outcome());
    CompletableFuture<TransferReply> toItself = new CompletableFuture<>();
    raft.tell(new TransferLeadership(SELF, into(toItself)));
    assertEquals(TransferReply.Outcome.DONE, toItself.join().outcome());
    CompletableFuture<TransferReply> toNobody = new CompletableFuture<>();
    raft.tell(new HandOver(List.of(SELF, 5L), into(toNobody)));
    assertEquals(TransferReply.Outcome.BAD_TRANSFEREE, toNobody.join().outcome());
  }

  private static <T> ReplyTo<T> into(CompletableFuture<T> future) {
    return ReplyTo.of(future::complete, future::completeExceptionally);
  }

  @Test
  void endsWhenTheLogEnds() {
    TestProbe<Void> watcher = KIT.createTestProbe();
    RaftEnvironment environment =
        new RaftEnvironment(
            owner -> Behaviors.stopped(),
            applier.getRef()::tell,
            installer.getRef()::tell,
            leadership.getRef()::tell,
            message -> {},
            statuses::add,
            begun::incrementAndGet,
            metrics,
            new Random(1),
            io.sampo.node.raft.core.RaftRules.STANDARD);
    Behavior<RaftCommand> behavior = RaftActor.create(settings(), environment);
    ActorRef<RaftCommand> raft = KIT.spawn(behavior);
    watcher.expectTerminated(raft);
    assertTrue(statuses.isEmpty());
  }
}
