package io.sampo.node.peer.http;

import io.sampo.node.auth.AccessGate;
import io.sampo.node.lease.KeepAliveOutcome;
import io.sampo.node.lease.SettledLeases;
import io.sampo.node.lease.TimeToLiveOutcome;
import io.sampo.node.member.MemberChanges;
import io.sampo.node.peer.PeerSetup;
import io.sampo.node.request.RequestGate;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.node.state.mvcc.KeyHash;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.protocol.error.EtcdError;
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
import org.apache.pekko.grpc.javadsl.MetadataBuilder;

/** What this node answers other members, from its published state and its actors. */
public final class PeerAnswers implements PeerServices {
  private final PeerSetup peers;
  private final PublishedState state;
  private final RequestGate gate;
  private final MemberChanges changes;
  private final AccessGate access;
  private final SettledLeases leases;
  private final HashStorage hashes;
  private final Executor longWork;

  public PeerAnswers(
      PeerSetup peers,
      PublishedState state,
      RequestGate gate,
      MemberChanges changes,
      AccessGate access,
      SettledLeases leases,
      HashStorage hashes,
      Executor longWork) {
    this.peers = peers;
    this.state = state;
    this.gate = gate;
    this.changes = changes;
    this.access = access;
    this.leases = leases;
    this.hashes = hashes;
    this.longWork = longWork;
  }

  @Override
  public List<ClusterMember> members() {
    return peers.members(state.get().cluster());
  }

  @Override
  public CompletionStage<List<ClusterMember>> promote(long id, Optional<String> token) {
    MetadataBuilder metadata = new MetadataBuilder();
    token.ifPresent(text -> metadata.addText("token", text));
    return access
        .admin(metadata.build())
        .thenCompose(may -> changes.promote(id, token))
        .exceptionally(
            failure -> {
              throw refusal(failure);
            });
  }

  private static PeerRefusal refusal(Throwable failure) {
    if (EtcdError.MEMBER_NOT_FOUND.is(failure)) {
      return PeerRefusal.memberNotFound();
    }
    if (EtcdError.MEMBER_NOT_LEARNER.is(failure)) {
      return PeerRefusal.notLearner();
    }
    return EtcdError.LEARNER_NOT_READY.is(failure)
        ? PeerRefusal.learnerNotReady()
        : PeerRefusal.promotionFailed();
  }

  @Override
  public CompletionStage<Long> renewLease(long id) {
    return settled(leases.keepAlive(id))
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
    return settled(leases.timeToLive(request.getID()))
        .thenApply(
            outcome -> {
              if (outcome instanceof TimeToLiveOutcome.Alive alive) {
                return leases.describe(request, alive).toBuilder()
                    .setHeader(ResponseHeader.getDefaultInstance())
                    .build();
              }
              throw outcome instanceof TimeToLiveOutcome.NotFound
                  ? PeerRefusal.leaseNotFound()
                  : PeerRefusal.demoted();
            });
  }

  private static <T> CompletableFuture<T> settled(CompletableFuture<T> outcome) {
    return outcome.exceptionally(
        failure -> {
          throw PeerRefusal.notAppliedInTime();
        });
  }

  @Override
  public CompletionStage<HashKVResponse> hashKv(long revision) {
    return CompletableFuture.supplyAsync(() -> hash(state.keys(), revision), longWork);
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
