package io.sampo.node.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.node.raft.RaftCommand;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.protocol.raftpb.Snapshot;
import io.sampo.protocol.raftpb.SnapshotMetadata;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two transports over loopback sockets. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TwoMembersTest {
  private final ActorTestKit kit = ActorTestKit.create("peers", PeerTestConfig.load());
  private TestNode one;
  private TestNode two;

  @BeforeEach
  void start() throws Exception {
    one = new TestNode(kit, 1, TestNode.settings());
    two = new TestNode(kit, 2, TestNode.settings());
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void connect() {
    one.add(two);
    two.add(one);
    awaitTrue(() -> one.network.hasStreams(2) && two.network.hasStreams(1));
  }

  private void awaitTrue(BooleanSupplier condition) {
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(20),
            () -> {
              assertTrue(condition.getAsBoolean());
              return null;
            });
  }

  @Test
  void messagesOfBothStreamsArriveInTheirOrder() throws Exception {
    connect();
    Message heartbeat = message(MessageType.MsgHeartbeat).setCommit(3).build();
    one.network.send(heartbeat);
    assertEquals(heartbeat, two.nextMessage());
    for (int index = 10; index < 500; index++) {
      one.network.send(append(index));
    }
    for (int index = 10; index < 500; index++) {
      assertEquals(append(index), two.nextMessage());
    }
    assertTrue(one.metric("peer_sent_bytes_total{To=\"2\"}") > 490 * 10);
    assertEquals(1, one.metric("active_peers{Local=\"1\",Remote=\"2\"}"));
  }

  @Test
  void aSenderThatIsNoMemberYetIsAnsweredByPosts() throws Exception {
    one.add(two);
    awaitTrue(() -> one.network.isMember(2));
    Message vote = message(MessageType.MsgPreVote).build();
    one.network.send(vote);
    assertEquals(vote, two.nextMessage());
    assertEquals(0, two.metric("active_peers{Local=\"2\",Remote=\"1\"}"));
  }

  @Test
  void aSnapshotTakesItsOwnWayAndIsReported() throws Exception {
    connect();
    Message snapshot =
        message(MessageType.MsgSnap)
            .setSnapshot(
                Snapshot.newBuilder()
                    .setMetadata(SnapshotMetadata.newBuilder().setIndex(5).setTerm(3)))
            .build();
    one.network.send(snapshot);
    assertEquals("database", two.snapshots.poll(20, TimeUnit.SECONDS));
    assertEquals(snapshot, two.nextMessage());
    assertEquals(
        new RaftCommand.SnapshotSent(2, true),
        one.next(RaftCommand.SnapshotSent.class::isInstance));
    assertEquals(1, one.metric("snapshot_send_success{To=\"2\"}"));
    assertEquals(1, two.metric("snapshot_receive_success{From=\"1\"}"));
  }

  @Test
  void aRemovedMemberIsToldAndItsMessagesReachNobody() throws Exception {
    two.removed.add(1L);
    one.add(two);
    awaitTrue(() -> one.network.isMember(2) && one.toldRemoved.get() > 0);
    one.network.send(message(MessageType.MsgHeartbeat).build());
    one.next(new RaftCommand.PeerUnreachable(2)::equals);
    assertEquals(0, two.toldCount());
  }

  @Test
  void whoComesBackIsReachedAgain() throws Exception {
    connect();
    two.peers.tell(new Peers.Remove(1));
    awaitTrue(() -> !one.network.hasStreams(2));
    two.add(one);
    awaitTrue(() -> one.network.hasStreams(2) && two.network.hasStreams(1));
    one.network.send(append(10));
    assertEquals(append(10), two.nextMessage());
  }

  @Test
  void theNextUrlIsTriedWhenOneFails() throws Exception {
    one.add(2, "http://127.0.0.1:1", two.url());
    two.add(one);
    awaitTrue(() -> two.network.hasStreams(1));
    two.network.send(message(MessageType.MsgHeartbeat).setFrom(2).setTo(1).build());
    assertEquals(MessageType.MsgHeartbeat, one.nextMessage().getType());
  }

  @Test
  void aRaftThatIsStuckStopsTheReaderInsteadOfFillingUp() throws Exception {
    connect();
    two.stuck.set(true);
    byte[] large = new byte[512 << 10];
    for (int index = 10; index < 110; index++) {
      one.network.send(append(index, large));
    }
    // Fifty megabytes were sent, four are let in, and as much again may be under way.
    awaitTrue(() -> two.toldCount() >= 8);
    assertTrue(two.toldCount() < 40, () -> two.toldCount() + " were let in");
    two.stuck.set(false);
    two.releaseFences();
    for (int index = 10; index < 110; index++) {
      assertEquals(index, two.nextMessage().getIndex());
    }
  }

  @Test
  void whatAPeerDoesNotReadIsDroppedAndReported() throws Exception {
    connect();
    two.stuck.set(true);
    byte[] large = new byte[1 << 20];
    int sent = 0;
    while (one.metric("peer_sent_failures_total{To=\"2\"}") == 0) {
      one.network.send(append(10 + sent++, large));
      assertTrue(sent < 1000, "nothing was dropped");
    }
    assertTrue(sent > 60, "dropped too early");
    one.next(new RaftCommand.PeerUnreachable(2)::equals);
    // Heartbeats have a stream of their own.
    one.network.send(message(MessageType.MsgHeartbeat).build());
    two.next(
        command ->
            command instanceof RaftCommand.Receive received
                && received.message().getType() == MessageType.MsgHeartbeat);
  }

  @Test
  void answerTimesAreMeasured() throws Exception {
    one.close();
    one = new TestNode(kit, 1, TestNode.settings().withProbeInterval(Duration.ofMillis(20)));
    one.add(two);
    awaitTrue(() -> one.metric("peer_round_trip_time_seconds_count{To=\"2\"}") > 0);
  }

  private static Message.Builder message(MessageType type) {
    return Message.newBuilder().setType(type).setFrom(1).setTo(2).setTerm(3);
  }

  private static Message append(long index) {
    return append(index, new byte[] {1, 2, 3});
  }

  private static Message append(long index, byte[] data) {
    return message(MessageType.MsgApp)
        .setIndex(index)
        .setLogTerm(3)
        .addEntries(
            Entry.newBuilder().setTerm(3).setIndex(index + 1).setData(ByteString.copyFrom(data)))
        .setCommit(index)
        .build();
  }
}
