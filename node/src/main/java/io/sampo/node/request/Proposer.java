package io.sampo.node.request;

import io.sampo.node.raft.RaftCommand;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Puts requests into the log and hands out the futures that their results complete.
 *
 * @param <R> what an applied request yields
 */
public final class Proposer<R> {
  /** How far applies may lag behind commits before new proposals are refused (etcd 3.7). */
  static final long MAX_APPLY_GAP = 5000;

  /** The same for what frees space, where the feature gate PriorityRequest is on. */
  static final long MAX_PRIORITY_GAP = 10_000;

  private final ActorRef<RaftCommand> raft;
  private final LongSupplier applyGap;
  private final RequestIds ids;
  private final PendingRequests<R> pending;
  private final long maxRequestBytes;
  private final boolean priorities;
  private final RequestListener listener;

  /**
   * @param applyGap how many committed entries are not applied yet
   * @param priorities the feature gate PriorityRequest
   */
  public Proposer(
      ActorRef<RaftCommand> raft,
      LongSupplier applyGap,
      RequestIds ids,
      PendingRequests<R> pending,
      long maxRequestBytes,
      boolean priorities,
      RequestListener listener) {
    this.raft = raft;
    this.applyGap = applyGap;
    this.ids = ids;
    this.pending = pending;
    this.maxRequestBytes = maxRequestBytes;
    this.priorities = priorities;
    this.listener = listener;
  }

  /**
   * Proposes the request under a new id. The future fails with {@link EtcdError#TOO_MANY_REQUESTS}
   * or {@link EtcdError#REQUEST_TOO_LARGE} at once, with {@link EtcdError#TIMEOUT} when no result
   * came in time.
   */
  public CompletableFuture<R> propose(InternalRaftRequest.Builder request) {
    long most = priorities && request.hasLeaseRevoke() ? MAX_PRIORITY_GAP : MAX_APPLY_GAP;
    if (applyGap.getAsLong() > most) {
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
