package io.sampo.node.lock;

import com.google.protobuf.ByteString;
import io.sampo.node.edge.Answer;
import io.sampo.protocol.etcdserverpb.KVPowerApi;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.protocol.v3electionpb.CampaignRequest;
import io.sampo.protocol.v3electionpb.CampaignResponse;
import io.sampo.protocol.v3electionpb.ElectionPowerApi;
import io.sampo.protocol.v3electionpb.LeaderKey;
import io.sampo.protocol.v3electionpb.LeaderRequest;
import io.sampo.protocol.v3electionpb.LeaderResponse;
import io.sampo.protocol.v3electionpb.ProclaimRequest;
import io.sampo.protocol.v3electionpb.ProclaimResponse;
import io.sampo.protocol.v3electionpb.ResignRequest;
import io.sampo.protocol.v3electionpb.ResignResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/**
 * etcd's Election service. The oldest key below {@code name/} is the leader's, its value is what
 * the leader proclaims.
 */
public final class ElectionService implements ElectionPowerApi {
  private final DeleteWaits turns;
  private final Sessions sessions;
  private final Observation observation;

  public ElectionService(DeleteWaits turns) {
    this.turns = turns;
    this.sessions = new Sessions(turns.services().lease());
    this.observation = new Observation(turns.services());
  }

  private KVPowerApi kv() {
    return turns.services().kv();
  }

  /**
   * Waits to be elected. Cancelling the future says that the candidate has left: the wait ends and
   * its key is deleted.
   */
  @Override
  public CompletableFuture<CampaignResponse> campaign(CampaignRequest request, Metadata metadata) {
    Answer<CampaignResponse> answer = turns.answers().open();
    sessions
        .lease(request.getLease(), metadata)
        .thenCompose(
            lease -> {
              ByteString key = Requests.member(Requests.prefix(request.getName()), lease);
              return kv().txn(stand(key, request.getValue(), lease), metadata)
                  .thenCompose(stood -> candidacy(request, key, lease, stood, metadata, answer));
            })
        .whenComplete((response, failure) -> Failures.answer(answer, response, failure));
    return answer;
  }

  private static TxnRequest stand(ByteString key, ByteString value, long lease) {
    return TxnRequest.newBuilder()
        .addCompare(Requests.createdAt(key, 0))
        .addSuccess(Requests.put(key, value, lease))
        .addFailure(Requests.range(Requests.get(key)))
        .build();
  }

  private CompletionStage<CampaignResponse> candidacy(
      CampaignRequest request,
      ByteString key,
      long lease,
      TxnResponse stood,
      Metadata metadata,
      CompletableFuture<CampaignResponse> call) {
    long created = stood.getHeader().getRevision();
    boolean otherValue = false;
    if (!stood.getSucceeded()) {
      var own = stood.getResponses(0).getResponseRange().getKvs(0);
      created = own.getCreateRevision();
      otherValue = !own.getValue().equals(request.getValue());
    }
    LeaderKey leader =
        LeaderKey.newBuilder()
            .setName(request.getName())
            .setKey(key)
            .setRev(created)
            .setLease(lease)
            .build();
    CompletionStage<?> ready =
        otherValue
            ? resignIfFailed(
                proclaim(leader, lease, request.getValue(), metadata), leader, metadata)
            : CompletableFuture.completedFuture(null);
    return ready
        .thenCompose(proclaimed -> election(leader, metadata, call))
        .thenApply(
            // The revision is that of the candidacy, not that of the election: etcd's choice.
            elected ->
                CampaignResponse.newBuilder()
                    .setHeader(stood.getHeader())
                    .setLeader(leader)
                    .build());
  }

  /** Waits for the turn; who leaves resigns, any other failure leaves the candidate in the line. */
  private CompletionStage<?> election(
      LeaderKey leader, Metadata metadata, CompletableFuture<CampaignResponse> call) {
    ByteString prefix = Requests.prefix(leader.getName());
    CompletionStage<?> turn =
        turns.await(new DeleteWait.Place(prefix, leader.getRev() - 1, metadata), call);
    return turn.handle(
            (elected, failure) ->
                call.isCancelled()
                    ? resignIfFailed(
                        CompletableFuture.failedFuture(Failures.CANCELED), leader, metadata)
                    : turn)
        .thenCompose(next -> next);
  }

  private <R> CompletionStage<R> resignIfFailed(
      CompletionStage<R> step, LeaderKey leader, Metadata metadata) {
    return step.handle(
            (done, failure) ->
                failure == null
                    ? step
                    : resign(leader, metadata).handle((r, f) -> step).thenCompose(s -> s))
        .thenCompose(next -> next);
  }

  @Override
  public CompletableFuture<ProclaimResponse> proclaim(ProclaimRequest request, Metadata metadata) {
    if (!request.hasLeader()) {
      return CompletableFuture.failedFuture(Failures.MISSING_LEADER);
    }
    return Failures.told(
        sessions
            .lease(request.getLeader().getLease(), metadata)
            .thenCompose(
                lease -> proclaim(request.getLeader(), lease, request.getValue(), metadata))
            .thenApply(header -> ProclaimResponse.newBuilder().setHeader(header).build()));
  }

  private CompletionStage<ResponseHeader> proclaim(
      LeaderKey leader, long lease, ByteString value, Metadata metadata) {
    TxnRequest proclamation =
        TxnRequest.newBuilder()
            .addCompare(Requests.createdAt(leader.getKey(), leader.getRev()))
            .addSuccess(Requests.put(leader.getKey(), value, lease))
            .build();
    return kv().txn(proclamation, metadata)
        .thenCompose(
            txn ->
                txn.getSucceeded()
                    ? CompletableFuture.completedFuture(txn.getHeader())
                    : CompletableFuture.failedFuture(Failures.NOT_LEADER));
  }

  @Override
  public CompletableFuture<ResignResponse> resign(ResignRequest request, Metadata metadata) {
    if (!request.hasLeader()) {
      return CompletableFuture.failedFuture(Failures.MISSING_LEADER);
    }
    // The lease has no part in it, yet etcd grants one here too if it is 0.
    return Failures.told(
        sessions
            .lease(request.getLeader().getLease(), metadata)
            .thenCompose(lease -> resign(request.getLeader(), metadata))
            .thenApply(txn -> ResignResponse.newBuilder().setHeader(txn.getHeader()).build()));
  }

  /** Deletes the key if it is still the one that was elected; if not, that is no error. */
  private CompletionStage<TxnResponse> resign(LeaderKey leader, Metadata metadata) {
    TxnRequest resignation =
        TxnRequest.newBuilder()
            .addCompare(Requests.createdAt(leader.getKey(), leader.getRev()))
            .addSuccess(
                RequestOp.newBuilder().setRequestDeleteRange(Requests.delete(leader.getKey())))
            .build();
    return kv().txn(resignation, metadata);
  }

  @Override
  public CompletableFuture<LeaderResponse> leader(LeaderRequest request, Metadata metadata) {
    return Failures.told(
        kv().range(Requests.firstCreated(Requests.prefix(request.getName())), metadata)
            .thenCompose(
                first ->
                    first.getKvsCount() == 0
                        ? CompletableFuture.<LeaderResponse>failedFuture(Failures.NO_LEADER)
                        : CompletableFuture.completedFuture(
                            LeaderResponse.newBuilder()
                                .setHeader(first.getHeader())
                                .setKv(first.getKvs(0))
                                .build())));
  }

  @Override
  public Source<LeaderResponse, NotUsed> observe(LeaderRequest request, Metadata metadata) {
    return observation.of(Requests.prefix(request.getName()), metadata);
  }
}
