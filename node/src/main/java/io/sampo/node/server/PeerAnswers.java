package io.sampo.node.server;

import com.google.protobuf.UnsafeByteOperations;
import io.sampo.node.api.RequestGate;
import io.sampo.node.apply.PublishedState;
import io.sampo.node.lease.KeepAliveOutcome;
import io.sampo.node.lease.Leases;
import io.sampo.node.lease.TimeToLiveOutcome;
import io.sampo.node.peer.http.PeerRefusal;
import io.sampo.node.peer.http.PeerServices;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.node.state.mvcc.KeyHash;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.HashKVResponse;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What this node answers other members, from its published state and its rooms. */
final class PeerAnswers implements PeerServices {
  private final PublishedState state;
  private final RequestGate gate;
  private final Leases leases;
  private final HashStorage hashes;
  private final Executor blocking;

  PeerAnswers(
      PublishedState state,
      RequestGate gate,
      Leases leases,
      HashStorage hashes,
      Executor blocking) {
    this.state = state;
    this.gate = gate;
    this.leases = leases;
    this.hashes = hashes;
    this.blocking = blocking;
  }

  @Override
  public List<ClusterMember> members() {
    return state.get().cluster().memberList();
  }

  /** Members cannot be changed yet. */
  @Override
  public CompletionStage<List<ClusterMember>> promote(long id, Optional<String> token) {
    return CompletableFuture.failedFuture(PeerRefusal.promotionFailed());
  }

  @Override
  public CompletionStage<Long> renewLease(long id) {
    return settled(() -> leases.keepAlive(id), KeepAliveOutcome.NotFound.class)
        .thenApply(
            outcome -> {
              if (outcome instanceof KeepAliveOutcome.Renewed renewed) {
                return renewed.ttlSeconds();
              }
              throw outcome instanceof KeepAliveOutcome.NotFound
                  ? PeerRefusal.leaseNotFound()
                  : PeerRefusal.notPrimary();
            });
  }

  @Override
  public CompletionStage<LeaseTimeToLiveResponse> timeToLive(LeaseTimeToLiveRequest request) {
    return settled(() -> leases.timeToLive(request.getID()), TimeToLiveOutcome.NotFound.class)
        .thenApply(
            outcome -> {
              if (outcome instanceof TimeToLiveOutcome.Alive alive) {
                return lookedUp(request, alive);
              }
              throw outcome instanceof TimeToLiveOutcome.NotFound
                  ? PeerRefusal.leaseNotFound()
                  : PeerRefusal.demoted();
            });
  }

  private LeaseTimeToLiveResponse lookedUp(
      LeaseTimeToLiveRequest request, TimeToLiveOutcome.Alive alive) {
    LeaseTimeToLiveResponse.Builder response =
        LeaseTimeToLiveResponse.newBuilder()
            .setHeader(ResponseHeader.getDefaultInstance())
            .setID(request.getID())
            .setTTL(alive.remainingSeconds())
            .setGrantedTTL(alive.grantedSeconds());
    Lease lease = request.getKeys() ? state.get().leases().get(request.getID()) : null;
    if (lease != null) {
      for (byte[] key : lease.keys().toList()) {
        response.addKeys(UnsafeByteOperations.unsafeWrap(key));
      }
    }
    return response.build();
  }

  /**
   * A lease that is not there may be committed and not applied yet: asks again behind a barrier.
   */
  private <T> CompletableFuture<T> settled(
      Supplier<CompletableFuture<T>> question, Class<? extends T> notFound) {
    return question
        .get()
        .thenCompose(
            outcome ->
                notFound.isInstance(outcome)
                    ? afterBarrier().thenCompose(done -> question.get())
                    : CompletableFuture.completedFuture(outcome));
  }

  private CompletableFuture<Void> afterBarrier() {
    return gate.linearizable()
        .exceptionally(
            failure -> {
              throw PeerRefusal.notAppliedInTime();
            });
  }

  @Override
  public CompletionStage<HashKVResponse> hashKv(long revision) {
    return CompletableFuture.supplyAsync(() -> hash(state.keys(), revision), blocking);
  }

  private HashKVResponse hash(MvccView keys, long revision) {
    try {
      KeyHash hash = hashes.hashByRevision(keys, revision);
      return HashKVResponse.newBuilder()
          .setHeader(ResponseHeader.newBuilder().setRevision(keys.revision()))
          .setHash(hash.hash())
          .setCompactRevision(hash.compactRevision())
          .setHashRevision(hash.revision())
          .build();
    } catch (EtcdException refusal) {
      throw PeerRefusal.noHash(refusal.getMessage().replace("etcdserver: mvcc:", "mvcc:"));
    }
  }

  @Override
  public CompletionStage<Boolean> downgradeEnabled() {
    return gate.linearizable()
        .handle(
            (done, failure) -> {
              if (failure != null) {
                throw PeerRefusal.noLinearizableRead(failure.getMessage());
              }
              return state.get().cluster().downgrade().map(DowngradeState::enabled).orElse(false);
            });
  }
}
