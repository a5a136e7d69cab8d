package io.sampo.node.server;

import com.google.protobuf.Message;
import io.sampo.gateway.transcode.CallListener;
import io.sampo.gateway.transcode.ServiceBinding;
import io.sampo.node.auth.AuthService;
import io.sampo.node.edge.AnswerRoom;
import io.sampo.node.edge.grpc.FrameStream;
import io.sampo.node.edge.grpc.GrpcCall;
import io.sampo.node.edge.grpc.GrpcMethod;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.node.kv.KvService;
import io.sampo.node.lease.LeaseService;
import io.sampo.node.lock.ElectionService;
import io.sampo.node.lock.LockService;
import io.sampo.node.maintenance.AuthorizedMaintenance;
import io.sampo.node.maintenance.HealthService;
import io.sampo.node.member.ClusterService;
import io.sampo.node.request.LearnerGuard;
import io.sampo.node.watch.WatchAuthorizer;
import io.sampo.node.watch.WatchService;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.MaintenancePowerApi;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RpcProto;
import io.sampo.protocol.v3electionpb.V3Election;
import io.sampo.protocol.v3lockpb.V3Lock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.grpc.javadsl.Metadata;

/** The services of a member, as the gRPC edge and as the gateway take them. */
public final class Services {
  private final Member member;
  private final KvService kv;
  private final LeaseService lease;
  private final ClusterService cluster;
  private final AuthorizedMaintenance maintenance;
  private final AuthService auth;
  private final HealthService health = new HealthService();
  private final WatchService watch;
  private final LearnerGuard learnerGuard;
  private final LockService lock;
  private final ElectionService election;

  public Services(Member member) {
    this.member = member;
    this.kv = member.kv();
    this.lease = member.lease().service();
    this.cluster = member.members().service();
    this.maintenance = new AuthorizedMaintenance(member.maintenance(), member.access());
    this.auth = member.auth();
    this.watch = member.watch().service();
    this.lock = member.locks().lock();
    this.election = member.locks().election();
    this.learnerGuard = new LearnerGuard(member.replica().consensus()::isLearner);
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

  public MaintenancePowerApi maintenance() {
    return maintenance;
  }

  public WatchService watch() {
    return watch;
  }

  public LockService lock() {
    return lock;
  }

  public AuthService auth() {
    return auth;
  }

  /** Every method of gRPC. Range and Watch give their stored bytes as they are. */
  List<GrpcMethod> methods() {
    List<GrpcMethod> methods = new ArrayList<>();
    methods.add(
        new GrpcMethod.Large(
            "/etcdserverpb.KV/Range",
            (message, call, room) ->
                range(GrpcMethod.parse(RangeRequest.parser(), message), call, room)));
    methods.addAll(GrpcMethods.kv(kv));
    methods.add(
        new GrpcMethod.Framed(
            "/etcdserverpb.Watch/Watch",
            "bidi_stream",
            (call, output) -> watch(call.metadata(), output)));
    methods.addAll(GrpcMethods.lease(lease));
    methods.addAll(GrpcMethods.cluster(cluster));
    methods.addAll(GrpcMethods.maintenance(maintenance));
    methods.addAll(GrpcMethods.auth(auth));
    methods.addAll(GrpcMethods.health(health));
    methods.addAll(GrpcMethods.lock(lock));
    methods.addAll(GrpcMethods.election(election));
    return methods;
  }

  /**
   * The services that the gateway offers as JSON.
   *
   * @param listener told of its calls
   */
  List<ServiceBinding> bindings(CallListener listener) {
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
    return all.stream()
        .map(binding -> binding.withAdmission(this::refusal).withListener(listener))
        .toList();
  }

  private WatchCall watch(Metadata metadata, FrameStream.Output output) {
    WatchAuthorizer authorizer = WatchAuthorizer.of(member.access().stream(metadata));
    return new WatchCall(
        listener -> member.watch().streams().open(authorizer, listener),
        member.access().settled(metadata),
        output);
  }

  private CompletableFuture<EncodedMessage> range(
      RangeRequest request, GrpcCall call, AnswerRoom room) {
    Optional<EtcdException> refusal = learnerGuard.refusal(request);
    return refusal.isPresent()
        ? CompletableFuture.failedFuture(refusal.get())
        : kv.rangeEncoded(request, call.metadata(), room);
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
  EtcdException refusal(GrpcMethod method, GrpcCall call) {
    Optional<EtcdException> unfit = learnerGuard.refusal(method.path());
    if (unfit.isPresent()) {
      return unfit.get();
    }
    for (int i = 0; i < call.clientApiVersion().length(); i++) {
      if (call.clientApiVersion().charAt(i) > '~') {
        return EtcdError.INVALID_CLIENT_API_VERSION.exception();
      }
    }
    boolean noLeader =
        call.requireLeader() && member.replica().consensus().status().get().leaderId() == 0;
    return noLeader ? EtcdError.NO_LEADER.exception() : null;
  }
}
