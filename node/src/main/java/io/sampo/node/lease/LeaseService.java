package io.sampo.node.lease;

import io.grpc.Status;
import io.sampo.node.auth.AccessGate;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.node.state.auth.AccessRules;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.node.state.lease.Lease;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseLeasesRequest;
import io.sampo.protocol.etcdserverpb.LeaseLeasesResponse;
import io.sampo.protocol.etcdserverpb.LeasePowerApi;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeResponse;
import io.sampo.protocol.etcdserverpb.LeaseStatus;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/** etcd's Lease service. */
public final class LeaseService implements LeasePowerApi {
  /** An error of etcd's lessor, for which its table has no status (etcd 3.7.1, lessor.go). */
  private static final String NOT_PRIMARY = "not a primary lessor";

  /** Keep-alives of one stream that are under way together; answers keep the order of requests. */
  private static final int KEEP_ALIVES_IN_FLIGHT = 64;

  private final RequestGate gate;
  private final AccessGate access;
  private final Leases leases;
  private final SettledLeases settled;
  private final LeaderLeases leader;
  private final PublishedState state;
  private final ResponseHeaders headers;
  private final LongSupplier ids;

  /**
   * @param leader asked where this member does not lead
   * @param ids a source of unique ids, for leases whose client left the choice open
   */
  public LeaseService(
      RequestGate gate,
      AccessGate access,
      Leases leases,
      LeaderLeases leader,
      PublishedState state,
      ResponseHeaders headers,
      LongSupplier ids) {
    this.gate = gate;
    this.access = access;
    this.leases = leases;
    this.settled = new SettledLeases(gate, leases, state);
    this.leader = leader;
    this.state = state;
    this.headers = headers;
    this.ids = ids;
  }

  @Override
  public CompletionStage<LeaseGrantResponse> leaseGrant(
      LeaseGrantRequest request, Metadata metadata) {
    LeaseGrantRequest named =
        request.toBuilder().setID(LeaseRules.chooseId(request.getID(), ids)).build();
    return gate.withinQuota(
        Quota.cost(named),
        () -> access.somebody(metadata).thenCompose(may -> propose(named, metadata)));
  }

  private CompletableFuture<LeaseGrantResponse> propose(
      LeaseGrantRequest request, Metadata metadata) {
    return access
        .propose(
            metadata,
            InternalRaftRequest.newBuilder().setLeaseGrant(request),
            LeaseGrantResponse.class)
        .thenApply(headers::complete);
  }

  @Override
  public CompletionStage<LeaseRevokeResponse> leaseRevoke(
      LeaseRevokeRequest request, Metadata metadata) {
    return access
        .somebody(metadata)
        .thenCompose(
            may ->
                access.propose(
                    metadata,
                    InternalRaftRequest.newBuilder().setLeaseRevoke(request),
                    LeaseRevokeResponse.class))
        .thenApply(headers::complete);
  }

  @Override
  public Source<LeaseKeepAliveResponse, NotUsed> leaseKeepAlive(
      Source<LeaseKeepAliveRequest, NotUsed> requests, Metadata metadata) {
    return requests.mapAsync(KEEP_ALIVES_IN_FLIGHT, request -> keepAlive(request, metadata));
  }

  /** Renews one lease; what {@link #leaseKeepAlive} does for each request. */
  public CompletionStage<LeaseKeepAliveResponse> keepAlive(
      LeaseKeepAliveRequest request, Metadata metadata) {
    // As in etcd the header is older than the renewal: a client that sees the lease gone at some
    // revision must not hear a later one from a renewal that came before.
    ResponseHeader header = headers.current();
    return (access.isOn() ? renewedBy(request, metadata) : settled.keepAlive(request.getID()))
        .thenCompose(
            outcome -> {
              if (outcome instanceof KeepAliveOutcome.NotLeader) {
                return leader.keepAlive(request.getID());
              }
              if (outcome instanceof KeepAliveOutcome.Unconfirmed) {
                throw new EtcdException(Status.Code.UNKNOWN, NOT_PRIMARY);
              }
              return CompletableFuture.completedFuture(
                  outcome instanceof KeepAliveOutcome.Renewed renewed ? renewed.ttlSeconds() : 0L);
            })
        .thenApply(
            ttl ->
                LeaseKeepAliveResponse.newBuilder()
                    .setHeader(header)
                    .setID(request.getID())
                    .setTTL(ttl)
                    .build());
  }

  /** Whoever renews a lease keeps its keys alive, and so has to be allowed to write them. */
  private CompletableFuture<KeepAliveOutcome> renewedBy(
      LeaseKeepAliveRequest request, Metadata metadata) {
    return access
        .check(metadata, "write", rules -> rules.keysOf(request.getID()))
        .thenCompose(may -> settled.keepAlive(request.getID()));
  }

  @Override
  public CompletionStage<LeaseTimeToLiveResponse> leaseTimeToLive(
      LeaseTimeToLiveRequest request, Metadata metadata) {
    long authRevision = state.get().auth().revision();
    return access
        .check(metadata, "read", rules -> mayShowKeys(rules, request))
        .thenCompose(may -> settled.timeToLive(request.getID()))
        .thenCompose(
            outcome ->
                outcome instanceof TimeToLiveOutcome.NotLeader
                    ? leader.timeToLive(request)
                    : CompletableFuture.completedFuture(lookedUp(request, outcome)))
        .thenApply(
            response -> {
              if (request.getKeys()) {
                access.admit(metadata, rules -> rules.readKeys(response.getKeysList()));
                checkUnchanged(authRevision);
              }
              return response.toBuilder().setHeader(headers.current()).build();
            });
  }

  private void mayShowKeys(AccessRules rules, LeaseTimeToLiveRequest request) {
    Lease lease = request.getKeys() ? state.get().leases().get(request.getID()) : null;
    if (lease != null) {
      rules.readKeysOf(lease);
    }
  }

  /** As in etcd the caller has to try again. */
  private void checkUnchanged(long authRevision) {
    AuthTable auth = state.get().auth();
    if (auth.enabled() && auth.revision() != authRevision) {
      throw EtcdError.AUTH_OLD_REVISION.exception();
    }
  }

  private LeaseTimeToLiveResponse lookedUp(
      LeaseTimeToLiveRequest request, TimeToLiveOutcome outcome) {
    return outcome instanceof TimeToLiveOutcome.Alive alive
        ? settled.describe(request, alive)
        : LeaseTimeToLiveResponse.newBuilder().setID(request.getID()).setTTL(-1).build();
  }

  @Override
  public CompletionStage<LeaseLeasesResponse> leaseLeases(
      LeaseLeasesRequest request, Metadata metadata) {
    return access
        .check(metadata, "read", rules -> state.get().leases().forEach(rules::readKeysOf))
        .thenCompose(may -> leases.list())
        .thenApply(
            found -> {
              LeaseLeasesResponse.Builder response =
                  LeaseLeasesResponse.newBuilder().setHeader(headers.current());
              for (long id : found) {
                response.addLeases(LeaseStatus.newBuilder().setID(id));
              }
              return response.build();
            });
  }
}
