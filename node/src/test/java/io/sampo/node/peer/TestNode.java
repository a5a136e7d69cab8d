package io.sampo.node.peer;

import io.sampo.node.edge.Answers;
import io.sampo.node.edge.Port;
import io.sampo.node.edge.Reuse;
import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.peer.http.PeerListener;
import io.sampo.node.peer.http.PeerRefusal;
import io.sampo.node.peer.http.PeerRoutes;
import io.sampo.node.peer.http.PeerServices;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.protocol.etcdserverpb.HashKVResponse;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.raftpb.Message;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A member whose Raft is the test: real sockets on loopback, everything told is kept. */
public final class TestNode {
  public static final long CLUSTER = 0x99;
  private static final long WAIT_SECONDS = 20;

  private final MetricsRegistry registry = new MetricsRegistry();
  public final PeerNetwork network;
  public final ActorRef<Peers.Command> peers;
  public final Set<Long> removed = ConcurrentHashMap.newKeySet();
  public final AtomicInteger toldRemoved = new AtomicInteger();

  /** While true, Raft handles no fence. */
  public final AtomicBoolean stuck = new AtomicBoolean();

  public final BlockingQueue<String> snapshots = new LinkedBlockingQueue<>();
  private final BlockingQueue<RaftCommand> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<RaftCommand.Fence> held = new LinkedBlockingQueue<>();
  private final Port port;

  /** What the next snapshot that is asked for consists of. */
  public Source<ByteString, NotUsed> database = Source.single(ByteString.fromString("database"));

  public TestNode(ActorTestKit kit, long id, PeerSettings settings) throws Exception {
    var system = kit.system();
    network =
        new PeerNetwork(
            new PeerIdentity(
                id, CLUSTER, "3.7.1", PeerIdentity.MIN_CLUSTER_VERSION, List.of("http://unset:1")),
            new PeerMetrics(registry, MemberIds.format(id)),
            System::nanoTime,
            removed::contains);
    PeerRoutes routes =
        new PeerRoutes(
            network,
            new PeerRoutes.Environment(
                settings,
                (message, announced, source) ->
                    source
                        .runWith(
                            Sink.fold(ByteString.emptyByteString(), ByteString::concat), system)
                        .thenApply(
                            bytes -> {
                              snapshots.add(bytes.utf8String());
                              return SnapshotReceiver.Kept.aside(bytes.size());
                            }),
                new Services(),
                request ->
                    CompletableFuture.completedFuture(HttpResponse.create().withEntity("{}")),
                System::nanoTime,
                System::currentTimeMillis),
            SystemMaterializer.get(system).materializer());
    port =
        PeerListener.bind(
                system,
                new InetSocketAddress("127.0.0.1", 0),
                Optional.empty(),
                settings,
                Reuse.DEFAULTS,
                routes)
            .toCompletableFuture()
            .get(WAIT_SECONDS, TimeUnit.SECONDS);
    ActorRef<RaftCommand> raft =
        kit.spawn(
            Behaviors.receiveMessage(
                command -> {
                  if (command instanceof RaftCommand.Fence fence) {
                    held.add(fence);
                    releaseFences();
                  } else {
                    told.add(command);
                  }
                  return Behaviors.same();
                }));
    peers =
        kit.spawn(
            Peers.create(
                network,
                raft,
                new Peers.Environment(
                    settings,
                    new PeerConnections(system, Optional.empty(), settings),
                    message ->
                        CompletableFuture.completedFuture(
                            new SnapshotSource.Content(message, 8, database)),
                    System::currentTimeMillis,
                    toldRemoved::incrementAndGet,
                    new Answers(system.executionContext()))));
  }

  public static PeerSettings settings() {
    return PeerSettings.of(Duration.ofSeconds(1));
  }

  public void releaseFences() {
    while (!stuck.get() && !held.isEmpty()) {
      held.remove().replyTo().tell(null);
    }
  }

  public int port() {
    return ((InetSocketAddress) port.localAddress()).getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public void add(TestNode other) {
    add(other.network.identity().memberId(), other.url());
  }

  public void add(long id, String... urls) {
    peers.tell(new Peers.Add(id, List.of(urls)));
  }

  /** The next message of Raft's; other commands are passed over. */
  public Message nextMessage() throws InterruptedException {
    return ((RaftCommand.Receive) next(RaftCommand.Receive.class::isInstance)).message();
  }

  /** The next command that fits; others are passed over. */
  public RaftCommand next(Predicate<RaftCommand> wanted) throws InterruptedException {
    while (true) {
      RaftCommand command = told.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (command == null) {
        throw new AssertionError("Raft was told nothing of the kind");
      }
      if (wanted.test(command)) {
        return command;
      }
    }
  }

  /**
   * What this member counts.
   *
   * @param series without {@code etcd_network_}
   */
  public double metric(String series) {
    return MetricsPage.value(registry, "etcd_network_" + series);
  }

  public int toldCount() {
    return told.size();
  }

  /** Closes the socket and what is open on it. */
  public void close() throws Exception {
    port.unbind().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    port.breakConnections();
  }

  private static final class Services implements PeerServices {
    @Override
    public List<ClusterMember> members() {
      return List.of(
          new ClusterMember(
              0x8e9e05c52164694dL,
              List.of("http://localhost:2380"),
              false,
              "default",
              List.of("http://localhost:2379")),
          new ClusterMember(-1, List.of("http://localhost:1"), true, "", List.of()));
    }

    @Override
    public CompletionStage<List<ClusterMember>> promote(long id, Optional<String> token) {
      return id == 7
          ? CompletableFuture.completedFuture(members())
          : CompletableFuture.failedFuture(
              id == 8 ? PeerRefusal.learnerNotReady() : PeerRefusal.memberNotFound());
    }

    @Override
    public CompletionStage<Long> renewLease(long id) {
      return id == 7
          ? CompletableFuture.completedFuture(60L)
          : CompletableFuture.failedFuture(PeerRefusal.leaseNotFound());
    }

    @Override
    public CompletionStage<LeaseTimeToLiveResponse> timeToLive(LeaseTimeToLiveRequest request) {
      return CompletableFuture.completedFuture(
          LeaseTimeToLiveResponse.newBuilder().setID(request.getID()).setTTL(5).build());
    }

    @Override
    public CompletionStage<HashKVResponse> hashKv(long revision) {
      return revision > 100
          ? CompletableFuture.failedFuture(
              PeerRefusal.noHash("mvcc: required revision is a future revision"))
          : CompletableFuture.completedFuture(
              HashKVResponse.newBuilder()
                  .setHeader(ResponseHeader.newBuilder().setRevision(9))
                  .setHash(-2)
                  .setCompactRevision(-1)
                  .setHashRevision(revision)
                  .build());
    }

    @Override
    public CompletionStage<Boolean> downgradeEnabled() {
      return CompletableFuture.completedFuture(false);
    }
  }
}
