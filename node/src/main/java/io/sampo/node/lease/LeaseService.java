package io.sampo.node.lease;

import io.sampo.node.request.RequestGate;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
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
  /** Keep-alives of one stream that are under way together; answers keep the order of requests. */
  private static final int KEEP_ALIVES_IN_FLIGHT = 64;

  private final RequestGate gate;
  private final Leases leases;
  private final SettledLeases settled;
  private final LeaderLeases leader;
  private final ResponseHeaders headers;
  private final LongSupplier ids;

  /**
   * @param leader asked where this member does not lead
   * @param ids a source of unique ids, for leases whose client left the choice open
   */
  public LeaseService(
      RequestGate gate,
      Leases leases,
      LeaderLeases leader,
      PublishedState state,
      ResponseHeaders headers,
      LongSupplier ids) {
    this.gate = gate;
    this.leases = leases;
    this.settled = new SettledLeases(gate, leases, state);
    this.leader = leader;
    this.headers = headers;
    this.ids = ids;
  }

  @Override
  public CompletionStage<LeaseGrantResponse> leaseGrant(
      LeaseGrantRequest request, Metadata metadata) {
    LeaseGrantRequest named =
        request.toBuilder().setID(LeaseRules.chooseId(request.getID(), ids)).build();
    return gate.withinQuota(Quota.cost(named), () -> propose(named));
  }

  private CompletableFuture<LeaseGrantResponse> propose(LeaseGrantRequest request) {
    return gate.propose(
            InternalRaftRequest.newBuilder().setLeaseGrant(request), LeaseGrantResponse.class)
        .thenApply(headers::complete);
  }

  @Override
  public CompletionStage<LeaseRevokeResponse> leaseRevoke(
      LeaseRevokeRequest request, Metadata metadata) {
    return gate.propose(
            InternalRaftRequest.newBuilder().setLeaseRevoke(request), LeaseRevokeResponse.class)
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
    return settled
        .keepAlive(request.getID())
        .thenCompose(
            outcome -> {
              if (outcome instanceof KeepAliveOutcome.NotLeader) {
                return leader.keepAlive(request.getID());
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

  @Override
  public CompletionStage<LeaseTimeToLiveResponse> leaseTimeToLive(
      LeaseTimeToLiveRequest request, Metadata metadata) {
    return settled
        .timeToLive(request.getID())
        .thenCompose(
            outcome ->
                outcome instanceof TimeToLiveOutcome.NotLeader
                    ? leader.timeToLive(request)
                    : CompletableFuture.completedFuture(lookedUp(request, outcome)))
        .thenApply(response -> response.toBuilder().setHeader(headers.current()).build());
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
    return leases
        .list()
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
