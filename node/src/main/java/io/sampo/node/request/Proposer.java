package io.sampo.node.request;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftStatus;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Puts requests into the log and hands out the futures that their results complete.
 *
 * @param <R> what an applied request yields
 */
public final class Proposer<R> {
  /** How far applies may lag behind commits before new proposals are refused (etcd 3.7). */
  private static final long MAX_APPLY_GAP = 5000;

  private final ActorRef<RaftCommand> raft;
  private final Supplier<RaftStatus> status;
  private final RequestIds ids;
  private final PendingRequests<R> pending;
  private final long maxRequestBytes;
  private final RequestListener listener;

  public Proposer(
      ActorRef<RaftCommand> raft,
      Supplier<RaftStatus> status,
      RequestIds ids,
      PendingRequests<R> pending,
      long maxRequestBytes,
      RequestListener listener) {
    this.raft = raft;
    this.status = status;
    this.ids = ids;
    this.pending = pending;
    this.maxRequestBytes = maxRequestBytes;
    this.listener = listener;
  }

  /**
   * Proposes the request under a new id. The future fails with {@link EtcdError#TOO_MANY_REQUESTS}
   * or {@link EtcdError#REQUEST_TOO_LARGE} at once, with {@link EtcdError#TIMEOUT} when no result
   * came in time.
   */
  public CompletableFuture<R> propose(InternalRaftRequest.Builder request) {
    RaftStatus now = status.get();
    if (now.committedIndex() - now.appliedIndex() > MAX_APPLY_GAP) {
      return CompletableFuture.failedFuture(EtcdError.TOO_MANY_REQUESTS.exception());
    }
    long begin = listener.begin();
    long id = ids.next();
    byte[] data = request.setHeader(RequestHeader.newBuilder().setID(id)).build().toByteArray();
    if (data.length > maxRequestBytes) {
      return CompletableFuture.failedFuture(EtcdError.REQUEST_TOO_LARGE.exception());
    }
    CompletableFuture<R> result = pending.register(id);
    String name = RequestName.of(request);
    result.whenComplete((applied, failure) -> listener.end(name, begin, failure == null));
    raft.tell(new RaftCommand.Propose(data));
    return result;
  }
}
