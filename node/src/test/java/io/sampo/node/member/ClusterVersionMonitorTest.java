package io.sampo.node.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.InvalidProtocolBufferException;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.request.Proposer;
import io.sampo.node.request.RequestIds;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.raftpb.ConfState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the members are asked what they run, and what is proposed then. */
class ClusterVersionMonitorTest {
  private static final long SELF = 1;
  private static final Duration INTERVAL = Duration.ofSeconds(4);

  /** What an actor does, it does in the call that told it. */
  private static final Config SAME_THREAD =
      ConfigFactory.parseString(
          "same-thread.type = org.apache.pekko.testkit.CallingThreadDispatcherConfigurator");

  private final ActorTestKit kit =
      ActorTestKit.create(SAME_THREAD.withFallback(ManualTime.config()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestInbox<RaftCommand> raft = TestInbox.create();
  private final PendingRequests<ApplyResult> pending = new PendingRequests<>(() -> 0, 1);
  private final List<CompletableFuture<Optional<ServerVersion>>> asked = new ArrayList<>();
  private Optional<String> version = Optional.empty();

  private final ActorRef<ClusterVersionMonitor.Command> monitor =
      kit.spawn(
          ClusterVersionMonitor.create(
              SELF,
              this::cluster,
              member -> {
                asked.add(new CompletableFuture<>());
                return asked.get(asked.size() - 1);
              },
              new Proposer<>(
                  raft.getRef(),
                  () -> 0,
                  new RequestIds(SELF, 0),
                  pending,
                  1 << 20,
                  false,
                  new RequestMetrics(new MetricsRegistry(), () -> 0, () -> 0))),
          DispatcherSelector.fromConfig("same-thread"));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private ClusterState cluster() {
    TreeMap<Long, ClusterMember> members = new TreeMap<>();
    for (long id : List.of(SELF, 2L)) {
      members.put(id, new ClusterMember(id, List.of(), false, "m" + id, List.of()));
    }
    return new ClusterState(
        members, new TreeSet<>(), ConfState.getDefaultInstance(), version, Optional.empty());
  }

  private void lead(boolean leader) {
    monitor.tell(new ClusterVersionMonitor.Leadership(new LeadershipChange(leader, 5)));
  }

  private void says(int question, ServerVersion runs) {
    asked.get(question).complete(Optional.of(runs));
  }

  private String proposed() throws InvalidProtocolBufferException {
    byte[] data = ((RaftCommand.Propose) raft.receiveMessage()).data();
    return InternalRaftRequest.parseFrom(data).getClusterVersionSet().getVer();
  }

  @Test
  void onlyALeaderAsks() {
    time.timePasses(INTERVAL);
    lead(false);
    time.timePasses(INTERVAL);
    assertEquals(0, asked.size());
    lead(true);
    assertEquals(1, asked.size());
    lead(false);
    time.timePasses(INTERVAL);
    assertEquals(1, asked.size());
  }

  @Test
  void theOldestMembersVersionIsProposed() throws Exception {
    lead(true);
    assertFalse(raft.hasMessages());
    says(0, new ServerVersion(3, 6));
    assertEquals("3.6.0", proposed());
  }

  @Test
  void aRoundBeginsWhenTheOneBeforeIsOver() throws Exception {
    lead(true);
    time.timePasses(INTERVAL);
    assertEquals(1, asked.size(), "the member has not answered");
    says(0, ServerVersion.OURS);
    proposed();
    time.timePasses(INTERVAL);
    assertEquals(1, asked.size(), "the proposal is under way");
    pending.failAll(EtcdError.TIMEOUT.exception());
    time.timePasses(INTERVAL);
    assertEquals(2, asked.size());
    version = Optional.of(ServerVersion.OURS.toString());
    says(1, ServerVersion.OURS);
    assertFalse(raft.hasMessages(), "there is nothing to change");
    time.timePasses(INTERVAL);
    assertEquals(3, asked.size());
  }

  @Test
  void answersToAnEarlierLeadershipAreNotCounted() throws Exception {
    lead(true);
    lead(false);
    lead(true);
    says(0, new ServerVersion(3, 5));
    assertFalse(raft.hasMessages());
    says(1, ServerVersion.OURS);
    assertEquals(ServerVersion.OURS.toString(), proposed());
  }

  @Test
  void whoDoesNotAnswerKeepsTheVersionAsItIs() {
    version = Optional.of("3.6.0");
    lead(true);
    asked.get(0).completeExceptionally(new IllegalStateException("unreachable"));
    assertFalse(raft.hasMessages());
  }
}
