package io.sampo.node.lock;

import com.google.protobuf.ByteString;
import io.sampo.node.edge.Answer;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.protocol.v3lockpb.LockPowerApi;
import io.sampo.protocol.v3lockpb.LockRequest;
import io.sampo.protocol.v3lockpb.LockResponse;
import io.sampo.protocol.v3lockpb.UnlockRequest;
import io.sampo.protocol.v3lockpb.UnlockResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * etcd's Lock service. The oldest key below {@code name/} owns the lock; each caller has one, named
 * after its lease.
 */
public final class LockService implements LockPowerApi {
  private final DeleteWaits turns;

  public LockService(DeleteWaits turns) {
    this.turns = turns;
  }

  /**
   * Waits for the lock. Cancelling the future says that the caller has left: the wait ends and the
   * caller's key is deleted.
   */
  @Override
  public CompletableFuture<LockResponse> lock(LockRequest request, Metadata metadata) {
    Answer<LockResponse> answer = turns.answers().open();
    ByteString prefix = Requests.prefix(request.getName());
    new Sessions(turns.services().lease())
        .lease(request.getLease(), metadata)
        .thenCompose(
            lease -> {
              ByteString key = Requests.member(prefix, lease);
              return turns
                  .services()
                  .kv()
                  .txn(enter(prefix, key, lease), metadata)
                  .thenCompose(
                      entered -> new Entry(prefix, key, metadata, entered).acquire(answer));
            })
        .whenComplete((response, failure) -> Failures.answer(answer, response, failure));
    return answer;
  }

  /** Puts the key if it is not there, and asks for the owner in the same revision. */
  private static TxnRequest enter(ByteString prefix, ByteString key, long lease) {
    return TxnRequest.newBuilder()
        .addCompare(Requests.createdAt(key, 0))
        .addSuccess(Requests.put(key, ByteString.EMPTY, lease))
        .addSuccess(Requests.range(Requests.firstCreated(prefix)))
        .addFailure(Requests.range(Requests.get(key)))
        .addFailure(Requests.range(Requests.firstCreated(prefix)))
        .build();
  }

  private final class Entry {
    private final ByteString prefix;
    private final ByteString key;
    private final Metadata metadata;
    private final TxnResponse entered;
    private final long created;

    Entry(ByteString prefix, ByteString key, Metadata metadata, TxnResponse entered) {
      this.prefix = prefix;
      this.key = key;
      this.metadata = metadata;
      this.entered = entered;
      this.created =
          entered.getSucceeded()
              ? entered.getHeader().getRevision()
              : entered.getResponses(0).getResponseRange().getKvs(0).getCreateRevision();
    }

    CompletionStage<LockResponse> acquire(CompletableFuture<?> call) {
      RangeResponse owner = entered.getResponses(1).getResponseRange();
      boolean owned = owner.getKvs(0).getCreateRevision() == created;
      if (owned && !(call.isCancelled() && entered.getSucceeded())) {
        return CompletableFuture.completedFuture(response(entered.getHeader()));
      }
      return turns
          .await(new DeleteWait.Place(prefix, created - 1, metadata), call)
          .thenCompose(turn -> turns.services().kv().range(Requests.get(key), metadata))
          .handle((own, failure) -> failure == null ? confirmed(own, call) : leave(failure))
          .thenCompose(next -> next);
    }

    /** The lease may have run out during the wait, and the key with it. */
    private CompletionStage<LockResponse> confirmed(RangeResponse own, CompletableFuture<?> call) {
      if (own.getKvsCount() == 0) {
        return CompletableFuture.failedFuture(Failures.SESSION_EXPIRED);
      }
      return call.isCancelled()
          ? leave(Failures.CANCELED)
          : CompletableFuture.completedFuture(response(own.getHeader()));
    }

    private CompletionStage<LockResponse> leave(Throwable failure) {
      return turns
          .services()
          .kv()
          .deleteRange(Requests.delete(key), metadata)
          .handle((deleted, undeleted) -> CompletableFuture.<LockResponse>failedFuture(failure))
          .thenCompose(failed -> failed);
    }

    private LockResponse response(ResponseHeader header) {
      return LockResponse.newBuilder().setHeader(header).setKey(key).build();
    }
  }

  @Override
  public CompletableFuture<UnlockResponse> unlock(UnlockRequest request, Metadata metadata) {
    return Failures.told(
        turns
            .services()
            .kv()
            .deleteRange(Requests.delete(request.getKey()), metadata)
            .thenApply(
                deleted -> UnlockResponse.newBuilder().setHeader(deleted.getHeader()).build()));
  }
}
