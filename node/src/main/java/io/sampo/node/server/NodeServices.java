package io.sampo.node.server;

import com.google.protobuf.Message;
import io.sampo.gateway.transcode.ServiceBinding;
import io.sampo.node.auth.AuthService;
import io.sampo.node.boot.EtcdVersion;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.dispatch.SharedRandom;
import io.sampo.node.edge.grpc.GrpcCall;
import io.sampo.node.edge.grpc.GrpcMethod;
import io.sampo.node.edge.grpc.GrpcMethods;
import io.sampo.node.kv.KvService;
import io.sampo.node.kv.RangeListener;
import io.sampo.node.lease.ForwardedLeases;
import io.sampo.node.lease.LeaderLeases;
import io.sampo.node.lease.LeaseService;
import io.sampo.node.lease.Leases;
import io.sampo.node.lock.DeleteWaits;
import io.sampo.node.lock.ElectionService;
import io.sampo.node.lock.EtcdServices;
import io.sampo.node.lock.LockService;
import io.sampo.node.maintenance.HealthService;
import io.sampo.node.maintenance.MaintenanceService;
import io.sampo.node.member.ClusterService;
import io.sampo.node.member.NewMembers;
import io.sampo.node.request.LearnerGuard;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.watch.WatchAuthorizer;
import io.sampo.node.watch.WatchCounters;
import io.sampo.node.watch.WatchHeader;
import io.sampo.node.watch.WatchService;
import io.sampo.node.watch.WatchSettings;
import io.sampo.node.watch.WatchSource;
import io.sampo.node.watch.WatchStreams;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RpcProto;
import io.sampo.protocol.v3electionpb.V3Election;
import io.sampo.protocol.v3lockpb.V3Lock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.stream.Materializer;

/** The services of a running node, as the gRPC edge and as the gateway take them. */
public final class NodeServices {
  private final NodeParts parts;
  private final PendingRequests<ApplyResult> pending;
  private final KvService kv;
  private final LeaseService lease;
  private final ClusterService cluster;
  private final MaintenanceService maintenance;
  private final AuthService auth;
  private final HealthService health = new HealthService();
  private final WatchStreams watchStreams;
  private final AtomicLong spawned = new AtomicLong();
  private final WatchService watch;
  private final LearnerGuard learnerGuard;
  private final LockService lock;
  private final ElectionService election;

  public NodeServices(ActorSystem<?> system, NodeParts parts, NodeRooms rooms) {
    this.parts = parts;
    this.learnerGuard = new LearnerGuard(parts::isLearner);
    this.pending = rooms.pending();
    NodeConfig config = parts.config();
    Executor executor = system.executionContext();
    Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    ResponseHeaders headers =
        new ResponseHeaders(
            parts.clusterId(),
            parts.memberId(),
            parts.status(),
            () -> parts.state().keys().revision());
    kv =
        new KvService(
            rooms.gate(),
            parts.state(),
            headers,
            new KvService.Limits(config.limits().maxTxnOps(), config.limits().maxRequestBytes()),
            rangeTimes(),
            parts.requestTimes(),
            executor);
    lease =
        new LeaseService(
            rooms.gate(),
            new Leases(rooms.lessor()),
            leaderLeases(system, parts),
            parts.state(),
            headers,
            rooms.ids()::next);
    cluster =
        new ClusterService(
            rooms.gate(),
            rooms.members(),
            new NewMembers(parts.sources().currentMillis()),
            parts.state(),
            headers);
    maintenance =
        new MaintenanceService(
            rooms.gate(),
            parts.state(),
            parts.status(),
            headers,
            parts.hashes(),
            new MaintenanceService.Versions(
                EtcdVersion.SERVER, EtcdVersion.STORAGE, config.storage().quotaBytes()),
            parts.metrics().store(),
            parts.sources().nanoTime(),
            rooms.transfer(),
            blocking);
    auth = new AuthService(headers);
    watchStreams = watchStreams(system, rooms);
    watch = new WatchService(watchStreams);
    DeleteWaits turns =
        new DeleteWaits(
            new EtcdServices(kv, lease, watch),
            Materializer.matFromSystem(system),
            waiter -> spawn(system, waiter, "turn"));
    lock = new LockService(turns);
    election = new ElectionService(turns);
  }

  /** Proposals of this member that wait for their result. */
  public int pendingProposals() {
    return pending.size();
  }

  private static LeaderLeases leaderLeases(ActorSystem<?> system, NodeParts parts) {
    return parts
        .peers()
        .<LeaderLeases>map(own -> new ForwardedLeases(own.leaderQuestions(system, parts)))
        .orElse(LeaderLeases.NONE);
  }

  private RangeListener rangeTimes() {
    var nanoTime = parts.sources().nanoTime();
    var seconds = parts.metrics().server().rangeSeconds;
    var ranges = parts.metrics().store().ranges;
    return new RangeListener() {
      @Override
      public long begin() {
        return nanoTime.getAsLong();
      }

      @Override
      public void end(long begin, boolean success) {
        ranges.inc();
        seconds.labelValues(String.valueOf(success)).observe((nanoTime.getAsLong() - begin) / 1e9);
      }
    };
  }

  /** An actor beside the guardian; names of actors that live at the same time must differ. */
  private <T> ActorRef<T> spawn(ActorSystem<?> system, Behavior<T> behavior, String kind) {
    return system.systemActorOf(
        parts.door().admit(kind, behavior), kind + "-" + spawned.incrementAndGet(), Props.empty());
  }

  private WatchStreams watchStreams(ActorSystem<?> system, NodeRooms rooms) {
    NodeConfig config = parts.config();
    WatchSource source =
        new WatchSource(
            rooms.hub(),
            parts.state()::keys,
            new WatchHeader() {
              @Override
              public long clusterId() {
                return parts.clusterId();
              }

              @Override
              public long memberId() {
                return parts.memberId();
              }

              @Override
              public long raftTerm() {
                return parts.status().get().term();
              }
            },
            WatchSettings.of(
                Duration.ofNanos(config.timing().watchProgressNotifyIntervalNanos()),
                config.limits().maxRequestBytes()),
            new WatchCounters(parts.metrics().registry(), parts.metrics().store()),
            new SharedRandom(parts.sources().newRandom().get()));
    return new WatchStreams(source, session -> spawn(system, session, "watch"));
  }

  public KvService kv() {
    return kv;
  }

  public LeaseService lease() {
    return lease;
  }

  public ClusterService cluster() {
    return cluster;
  }

  public MaintenanceService maintenance() {
    return maintenance;
  }

  public WatchService watch() {
    return watch;
  }

  public LockService lock() {
    return lock;
  }

  /** Every method of gRPC. Range and Watch give their stored bytes as they are. */
  public List<GrpcMethod> methods() {
    List<GrpcMethod> methods = new ArrayList<>();
    methods.add(
        new GrpcMethod.Unary(
            "/etcdserverpb.KV/Range",
            (message, call) -> range(GrpcMethod.parse(RangeRequest.parser(), message))));
    methods.addAll(GrpcMethods.kv(kv));
    methods.add(
        new GrpcMethod.Framed(
            "/etcdserverpb.Watch/Watch",
            "bidi_stream",
            (call, output) ->
                new WatchCall(
                    listener -> watchStreams.open(WatchAuthorizer.EVERYTHING, listener), output)));
    methods.addAll(GrpcMethods.lease(lease));
    methods.addAll(GrpcMethods.cluster(cluster));
    methods.addAll(GrpcMethods.maintenance(maintenance));
    methods.addAll(GrpcMethods.auth(auth));
    methods.addAll(GrpcMethods.health(health));
    methods.addAll(GrpcMethods.lock(lock));
    methods.addAll(GrpcMethods.election(election));
    return methods;
  }

  /** The services that the gateway offers as JSON. */
  public List<ServiceBinding> bindings() {
    var file = RpcProto.getDescriptor();
    List<ServiceBinding> all =
        List.of(
            new ServiceBinding(kv, file.findServiceByName("KV")),
            new ServiceBinding(watch, file.findServiceByName("Watch")),
            new ServiceBinding(lease, file.findServiceByName("Lease")),
            new ServiceBinding(cluster, file.findServiceByName("Cluster")),
            new ServiceBinding(maintenance, file.findServiceByName("Maintenance")),
            new ServiceBinding(auth, file.findServiceByName("Auth")),
            new ServiceBinding(
                lock, V3Lock.getDescriptor().findServiceByName("Lock"), Set.of("Lock")),
            new ServiceBinding(
                election,
                V3Election.getDescriptor().findServiceByName("Election"),
                Set.of("Campaign")));
    return all.stream().map(binding -> binding.withAdmission(this::refusal)).toList();
  }

  private CompletionStage<byte[]> range(RangeRequest request) {
    Optional<EtcdException> refusal = learnerGuard.refusal(request);
    return refusal.isPresent()
        ? CompletableFuture.failedFuture(refusal.get())
        : kv.rangeEncoded(request);
  }

  private Optional<RuntimeException> refusal(String method, Optional<Message> request) {
    return learnerGuard
        .refusal(method)
        .or(
            () ->
                request
                    .filter(RangeRequest.class::isInstance)
                    .map(RangeRequest.class::cast)
                    .flatMap(learnerGuard::refusal))
        .map(RuntimeException.class::cast);
  }

  /** Why a call is refused before its service sees it, or null. */
  public EtcdException refusal(GrpcMethod method, GrpcCall call) {
    Optional<EtcdException> unfit = learnerGuard.refusal(method.path());
    if (unfit.isPresent()) {
      return unfit.get();
    }
    for (int i = 0; i < call.clientApiVersion().length(); i++) {
      if (call.clientApiVersion().charAt(i) > '~') {
        return EtcdError.INVALID_CLIENT_API_VERSION.exception();
      }
    }
    boolean noLeader = call.requireLeader() && parts.status().get().leaderId() == 0;
    return noLeader ? EtcdError.NO_LEADER.exception() : null;
  }
}
