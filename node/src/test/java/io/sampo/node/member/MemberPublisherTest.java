package io.sampo.node.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.request.Proposer;
import io.sampo.node.request.ReadBarrier;
import io.sampo.node.request.RequestIds;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a member says who it is, and until when it repeats that. */
class MemberPublisherTest {
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final List<String> URLS = List.of("http://a:2379", "http://b:2379");

  /** What an actor does, it does in the call that told it. */
  private static final Config SAME_THREAD =
      ConfigFactory.parseString(
          "same-thread.type = org.apache.pekko.testkit.CallingThreadDispatcherConfigurator");

  private final ActorTestKit kit =
      ActorTestKit.create(SAME_THREAD.withFallback(ManualTime.config()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestInbox<RaftCommand> raft = TestInbox.create();
  private final TestInbox<ReadBarrier.Command> barrier = TestInbox.create();
  private final TestInbox<MemberPublisher.Published> parent = TestInbox.create();
  private final PendingRequests<ApplyResult> pending = new PendingRequests<>(() -> 0, 1);
  private final PublishedState state = new PublishedState(NodeState.EMPTY);
  private long leader;

  private final ActorRef<MemberPublisher.Command> publisher =
      kit.spawn(
          MemberPublisher.create(
              new MemberPublisher.LocalMember(7, 9, "m7", URLS, Duration.ofSeconds(7)),
              state,
              () -> new RaftStatus(7, 5, leader, RoleName.FOLLOWER, 0, 0),
              new Proposer<>(
                  raft.getRef(),
                  () -> 0,
                  new RequestIds(7, 0),
                  pending,
                  1 << 20,
                  false,
                  new RequestMetrics(new MetricsRegistry(), () -> 0, () -> 0)),
              barrier.getRef(),
              parent.getRef()),
          DispatcherSelector.fromConfig("same-thread"));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private InternalRaftRequest proposal() throws InvalidProtocolBufferException {
    return InternalRaftRequest.parseFrom(((RaftCommand.Propose) raft.receiveMessage()).data());
  }

  private void apply(InternalRaftRequest request) {
    long id = request.getHeader().getID();
    pending.complete(
        id, new ApplyResult(id, true, null, null, List.of(), List.of(), false, null, null));
  }

  @Test
  void aMemberIsPublishedOnceItsDataSaysWhoItIsAndSomebodyLeads() throws Exception {
    leader = 1;
    time.timePasses(LOOK);
    assertFalse(raft.hasMessages());
    leader = 0;
    publisher.tell(new MemberPublisher.Established());
    time.timePasses(LOOK);
    assertFalse(raft.hasMessages());
    leader = 1;
    time.timePasses(LOOK);
    InternalRaftRequest proposal = proposal();
    var set = proposal.getClusterMemberAttrSet();
    assertEquals(7, set.getMemberID());
    assertEquals("m7", set.getMemberAttributes().getName());
    assertEquals(URLS, set.getMemberAttributes().getClientUrlsList());
    time.timePasses(LOOK);
    assertFalse(raft.hasMessages(), "one proposal at a time");
    assertFalse(parent.hasMessages());
    apply(proposal);
    assertEquals(1, parent.getAllReceived().size());
  }

  @Test
  void whatWasNotAppliedInTimeIsRepeated() throws Exception {
    leader = 1;
    publisher.tell(new MemberPublisher.Established());
    proposal();
    pending.failAll(EtcdError.TIMEOUT.exception());
    assertFalse(raft.hasMessages());
    time.timePasses(LOOK);
    apply(proposal());
    assertTrue(parent.hasMessages());
    time.timePasses(LOOK);
    assertFalse(raft.hasMessages());
  }

  @Test
  void whoLeadsLooksOnceMoreAndTellsItsParentOnce() throws Exception {
    leader = 7;
    publisher.tell(new MemberPublisher.Established());
    apply(proposal());
    publisher.tell(new MemberPublisher.Leadership(new LeadershipChange(true, 5)));
    apply(proposal());
    assertEquals(1, parent.getAllReceived().size());
  }

  /** The snapshot of a member that starts again knows it. */
  private void know(String name) {
    ClusterMember member = new ClusterMember(7, List.of(), false, name, URLS);
    NodeState empty = NodeState.EMPTY;
    ClusterState nobody = empty.cluster();
    state.set(
        new NodeState(
            1,
            1,
            empty.keys(),
            empty.leases(),
            empty.alarms(),
            new ClusterState(
                new TreeMap<>(Map.of(7L, member)),
                nobody.removed(),
                nobody.confState(),
                Optional.empty(),
                Optional.empty()),
            empty.auth(),
            empty.sizeBytes()));
  }

  private void answerBarrier() {
    ((ReadBarrier.Await) barrier.receiveMessage()).replyTo().tell(null);
  }

  /** Found by etcd's TestCtlV3ConsistentMemberList: clients saw members that were long removed. */
  @Test
  void aKnownMemberServesClientsOnlyWhenItHasAppliedWhatWasCommitted() {
    know("m7");
    leader = 1;
    publisher.tell(new MemberPublisher.Established());
    assertFalse(parent.hasMessages());
    answerBarrier();
    assertTrue(parent.hasMessages());
    assertFalse(raft.hasMessages());
    publisher.tell(new MemberPublisher.Leadership(new LeadershipChange(true, 5)));
    assertFalse(barrier.hasMessages());
  }

  @Test
  void whatIsAppliedMeanwhileMayHaveToBeSaidAnew() throws Exception {
    know("m7");
    leader = 1;
    publisher.tell(new MemberPublisher.Established());
    know("earlier");
    answerBarrier();
    assertFalse(parent.hasMessages());
    apply(proposal());
    assertTrue(parent.hasMessages());
  }

  @Test
  void aMemberThatCannotCatchUpTriesAgain() {
    know("m7");
    leader = 1;
    publisher.tell(new MemberPublisher.Established());
    ((ReadBarrier.Await) barrier.receiveMessage()).replyTo().fail(EtcdError.TIMEOUT.exception());
    assertFalse(barrier.hasMessages());
    time.timePasses(LOOK);
    answerBarrier();
    assertTrue(parent.hasMessages());
  }
}
