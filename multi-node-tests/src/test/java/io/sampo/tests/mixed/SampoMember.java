package io.sampo.tests.mixed;

import com.typesafe.config.Config;
import io.sampo.node.boot.PekkoSettings;
import io.sampo.node.edge.Answers;
import io.sampo.node.edge.Reuse;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.peer.PeerConnections;
import io.sampo.node.peer.PeerIdentity;
import io.sampo.node.peer.PeerMetrics;
import io.sampo.node.peer.PeerNetwork;
import io.sampo.node.peer.PeerSettings;
import io.sampo.node.peer.Peers;
import io.sampo.node.peer.ReceivedSnapshots;
import io.sampo.node.peer.http.PeerListener;
import io.sampo.node.peer.http.PeerRefusal;
import io.sampo.node.peer.http.PeerRoutes;
import io.sampo.node.peer.http.PeerServices;
import io.sampo.node.raft.RaftActor;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftEnvironment;
import io.sampo.node.raft.RaftMetrics;
import io.sampo.node.raft.RaftSettings;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.core.RaftRules;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.persistence.log.JournalSettings;
import io.sampo.persistence.log.LevelDbJournal;
import io.sampo.persistence.log.LogActor;
import io.sampo.persistence.log.LogSettings;
import io.sampo.protocol.etcdserverpb.HashKVResponse;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * Sampo's Raft, log, state machine and transport in this process, without the rest of a node: a
 * member that follows.
 */
final class SampoMember implements AutoCloseable {
  private final AtomicReference<NodeState> state = new AtomicReference<>(NodeState.EMPTY);
  private final AtomicReference<RaftStatus> status = new AtomicReference<>();
  private final MetricsRegistry registry = new MetricsRegistry();
  private final long id;
  private final ActorSystem<Void> system;
  private PeerNetwork network;

  /** Joins as the member whose peer URL this is, which the cluster must know already. */
  SampoMember(EtcdView cluster, String peerUrl, int peerPort, Path directory) throws Exception {
    this.id = cluster.idAt(peerUrl);
    Path received = Files.createDirectories(directory.resolve("received"));
    JournalSettings journal =
        JournalSettings.of(directory.resolve("journal"), true, directory.resolve("native"));
    LevelDbJournal.check(journal);
    Config config = LevelDbJournal.config(journal).withFallback(PekkoSettings.load()).resolve();
    CompletableFuture<Void> ready = new CompletableFuture<>();
    system =
        ActorSystem.create(
            Behaviors.setup(
                context ->
                    startActors(context, cluster, peerUrl, peerPort, received, journal, ready)),
            "sampo-member",
            config);
    ready.get(20, TimeUnit.SECONDS);
  }

  private Behavior<Void> startActors(
      ActorContext<Void> context,
      EtcdView cluster,
      String peerUrl,
      int peerPort,
      Path received,
      JournalSettings journal,
      CompletableFuture<Void> ready) {
    PeerSettings settings = PeerSettings.of(Duration.ofSeconds(1));
    network = network(cluster, peerUrl);
    ReceivedSnapshots snapshots =
        new ReceivedSnapshots(
            received,
            () -> Long.MAX_VALUE,
            context.getSystem().dispatchers().lookup(DispatcherSelector.blocking()),
            SystemMaterializer.get(context.getSystem()).materializer());
    ActorRef<Object> states = context.spawn(StateActor.create(state, snapshots), "state");
    ActorRef<RaftCommand> raft =
        context.spawn(
            RaftActor.create(RaftSettings.of(id, List.of()), raftEnvironment(states, journal)),
            "raft");
    ActorRef<Peers.Command> peers = context.spawn(peers(context, settings, raft), "peers");
    cluster.members().forEach(member -> peers.tell(new Peers.Add(member.id(), member.peerUrls())));
    states.tell(new StateActor.Bind(raft, peers));
    listen(context.getSystem(), peerPort, settings, snapshots, ready);
    return Behaviors.empty();
  }

  private PeerNetwork network(EtcdView cluster, String peerUrl) {
    return new PeerNetwork(
        new PeerIdentity(
            id, cluster.clusterId(), "3.7.1", PeerIdentity.MIN_CLUSTER_VERSION, List.of(peerUrl)),
        new PeerMetrics(registry, Long.toHexString(id)),
        System::nanoTime,
        member -> state.get().cluster().removed().contains(member));
  }

  private RaftEnvironment raftEnvironment(ActorRef<Object> states, JournalSettings journal) {
    return new RaftEnvironment(
        owner ->
            LogActor.create(
                "raft-log", owner, LogSettings.defaults(journal.directory().toString())),
        states::tell,
        states::tell,
        change -> {},
        network,
        status::set,
        () -> {},
        new RaftMetrics(registry, status::get, System::nanoTime, Duration.ofMillis(100)),
        new Random(id),
        RaftRules.STANDARD);
  }

  private Behavior<Peers.Command> peers(
      ActorContext<Void> context, PeerSettings settings, ActorRef<RaftCommand> raft) {
    return Peers.create(
        network,
        raft,
        new Peers.Environment(
            settings,
            new PeerConnections(context.getSystem(), Optional.empty(), settings),
            message ->
                CompletableFuture.failedFuture(
                    new UnsupportedOperationException("this member never leads")),
            System::currentTimeMillis,
            () -> {},
            new Answers(context.getSystem().executionContext())));
  }

  private void listen(
      ActorSystem<Void> actors,
      int peerPort,
      PeerSettings settings,
      ReceivedSnapshots snapshots,
      CompletableFuture<Void> ready) {
    PeerRoutes routes =
        new PeerRoutes(
            network,
            new PeerRoutes.Environment(
                settings,
                snapshots,
                new Services(),
                request ->
                    CompletableFuture.completedFuture(
                        HttpResponse.create()
                            .withEntity(
                                "{\"etcdserver\":\"3.7.1\",\"etcdcluster\":\"3.7.0\","
                                    + "\"storage\":\"3.7.0\"}")),
                System::nanoTime,
                System::currentTimeMillis),
            SystemMaterializer.get(actors).materializer());
    PeerListener.bind(
            actors,
            new InetSocketAddress("127.0.0.1", peerPort),
            Optional.empty(),
            settings,
            Reuse.DEFAULTS,
            routes)
        .whenComplete(
            (binding, failure) -> {
              if (failure == null) {
                ready.complete(null);
              } else {
                ready.completeExceptionally(failure);
              }
            });
  }

  long id() {
    return id;
  }

  /** As applied. */
  NodeState state() {
    return state.get();
  }

  RaftStatus status() {
    return status.get();
  }

  PeerNetwork network() {
    return network;
  }

  /** The page of metrics. */
  String metrics() {
    return new String(registry.scrape(), java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  /** A follower's answers. */
  private final class Services implements PeerServices {
    @Override
    public List<ClusterMember> members() {
      return state.get().cluster().memberList();
    }

    @Override
    public CompletionStage<List<ClusterMember>> promote(long member, Optional<String> token) {
      return CompletableFuture.failedFuture(PeerRefusal.promotionFailed());
    }

    @Override
    public CompletionStage<Long> renewLease(long lease) {
      return CompletableFuture.failedFuture(PeerRefusal.notPrimary());
    }

    @Override
    public CompletionStage<LeaseTimeToLiveResponse> timeToLive(LeaseTimeToLiveRequest request) {
      return CompletableFuture.failedFuture(PeerRefusal.notPrimary());
    }

    @Override
    public CompletionStage<HashKVResponse> hashKv(long revision) {
      return CompletableFuture.failedFuture(PeerRefusal.noHash("not asked here"));
    }

    @Override
    public CompletionStage<Boolean> downgradeEnabled() {
      return CompletableFuture.completedFuture(false);
    }
  }
}
