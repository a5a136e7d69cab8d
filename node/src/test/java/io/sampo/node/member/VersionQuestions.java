package io.sampo.node.member;

import com.google.protobuf.InvalidProtocolBufferException;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.metrics.MetricsRegistry;
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
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;

/**
 * What the monitors of versions see: two members, of whom the other one is asked what it runs and
 * answers when the test says so; proposals go to an inbox.
 */
final class VersionQuestions implements AutoCloseable {
  static final long SELF = 1;

  /** What an actor does, it does in the call that told it. */
  private static final Config SAME_THREAD =
      ConfigFactory.parseString(
          "same-thread.type = org.apache.pekko.testkit.CallingThreadDispatcherConfigurator");

  final TestInbox<RaftCommand> raft = TestInbox.create();
  final PendingRequests<ApplyResult> pending = new PendingRequests<>(() -> 0, 1);
  Optional<String> clusterVersion = Optional.of("3.7.0");
  Optional<DowngradeState> downgrade = Optional.empty();

  private final ActorTestKit kit =
      ActorTestKit.create(SAME_THREAD.withFallback(ManualTime.config()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final List<CompletableFuture<Optional<ServerVersion>>> asked = new ArrayList<>();

  <C> ActorRef<C> spawn(Behavior<C> monitor) {
    return kit.spawn(monitor, DispatcherSelector.fromConfig("same-thread"));
  }

  void timePasses(Duration span) {
    time.timePasses(span);
  }

  ClusterState cluster() {
    TreeMap<Long, ClusterMember> members = new TreeMap<>();
    for (long id : List.of(SELF, 2L)) {
      members.put(id, new ClusterMember(id, List.of(), false, "m" + id, List.of()));
    }
    return new ClusterState(
        members, new TreeSet<>(), ConfState.getDefaultInstance(), clusterVersion, downgrade);
  }

  CompletableFuture<Optional<ServerVersion>> ask(ClusterMember member) {
    asked.add(new CompletableFuture<>());
    return asked.get(asked.size() - 1);
  }

  /** How often the other member was asked. */
  int count() {
    return asked.size();
  }

  CompletableFuture<Optional<ServerVersion>> question(int number) {
    return asked.get(number);
  }

  void says(int question, ServerVersion runs) {
    question(question).complete(Optional.of(runs));
  }

  Proposer<ApplyResult> proposer() {
    return new Proposer<>(
        raft.getRef(),
        () -> 0,
        new RequestIds(SELF, 0),
        pending,
        1 << 20,
        false,
        new RequestMetrics(new MetricsRegistry(), () -> 0, () -> 0));
  }

  InternalRaftRequest proposed() throws InvalidProtocolBufferException {
    return InternalRaftRequest.parseFrom(((RaftCommand.Propose) raft.receiveMessage()).data());
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
