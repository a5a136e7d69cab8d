package io.sampo.node.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.sampo.node.state.membership.DowngradeState;
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

/** When a downgrade is taken for done. */
class DowngradeMonitorTest {
  private static final long SELF = 1;
  private static final Duration INTERVAL = Duration.ofSeconds(5);

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
  private Optional<DowngradeState> downgrade = Optional.empty();

  private final ActorRef<DowngradeMonitor.Command> monitor =
      kit.spawn(
          DowngradeMonitor.create(
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
                  new RequestMetrics(new MetricsRegistry(), () -> 0, () -> 0)),
              INTERVAL),
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
        members, new TreeSet<>(), ConfState.getDefaultInstance(), Optional.of("3.7.0"), downgrade);
  }

  private void lead(boolean leader) {
    monitor.tell(new DowngradeMonitor.Leadership(new LeadershipChange(leader, 5)));
  }

  private void says(int question, ServerVersion runs) {
    asked.get(question).complete(Optional.of(runs));
  }

  private InternalRaftRequest proposed() throws Exception {
    return InternalRaftRequest.parseFrom(((RaftCommand.Propose) raft.receiveMessage()).data());
  }

  @Test
  void withoutADowngradeNobodyIsAsked() {
    lead(true);
    time.timePasses(INTERVAL);
    assertEquals(0, asked.size());
  }

  /** As of a cluster that comes from the version above ours. */
  @Test
  void aDowngradeEndsWhenAllRunItsVersion() throws Exception {
    downgrade = Optional.of(new DowngradeState(true, ServerVersion.OURS.toString()));
    time.timePasses(INTERVAL);
    assertEquals(0, asked.size(), "it does not lead");
    lead(true);
    time.timePasses(INTERVAL);
    time.timePasses(INTERVAL);
    assertEquals(1, asked.size(), "the first round is not over");
    says(0, new ServerVersion(3, 8));
    assertFalse(raft.hasMessages());
    time.timePasses(INTERVAL);
    says(1, ServerVersion.OURS);
    InternalRaftRequest request = proposed();
    assertTrue(request.hasDowngradeInfoSet());
    assertFalse(request.getDowngradeInfoSet().getEnabled());
  }

  @Test
  void aMemberThatDoesNotSayKeepsItOpen() {
    downgrade = Optional.of(new DowngradeState(true, ServerVersion.OURS.toString()));
    lead(true);
    time.timePasses(INTERVAL);
    asked.get(0).complete(Optional.empty());
    assertFalse(raft.hasMessages());
  }

  @Test
  void whatThisServerDoesNotRunIsNeverReached() {
    downgrade = Optional.of(new DowngradeState(true, "3.6.0"));
    lead(true);
    time.timePasses(INTERVAL);
    says(0, new ServerVersion(3, 6));
    assertFalse(raft.hasMessages());
  }
}
