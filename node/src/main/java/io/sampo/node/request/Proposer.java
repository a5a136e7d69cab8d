package io.sampo.node.request;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.RaftCommand;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Puts requests into the log and has those who asked told what became of them.
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
  private final RequestMetrics metrics;

  /** Null where nothing is traced. */
  private final ProposalTracer tracer;

  /** One whose proposals are not traced. */
  public Proposer(
      ActorRef<RaftCommand> raft,
      LongSupplier applyGap,
      RequestIds ids,
      PendingRequests<R> pending,
      long maxRequestBytes,
      boolean priorities,
      RequestMetrics metrics) {
    this(raft, applyGap, ids, pending, maxRequestBytes, priorities, metrics, null);
  }

  /**
   * @param applyGap how many committed entries are not applied yet
   * @param priorities the feature gate PriorityRequest
   * @param tracer null where nothing is traced
   */
  public Proposer(
      ActorRef<RaftCommand> raft,
      LongSupplier applyGap,
      RequestIds ids,
      PendingRequests<R> pending,
      long maxRequestBytes,
      boolean priorities,
      RequestMetrics metrics,
      ProposalTracer tracer) {
    this.raft = raft;
    this.applyGap = applyGap;
    this.ids = ids;
    this.pending = pending;
    this.maxRequestBytes = maxRequestBytes;
    this.priorities = priorities;
    this.metrics = metrics;
    this.tracer = tracer;
  }

  /**
   * Proposes the request under a new id, in the name of whom its header says. Fails with {@link
   * EtcdError#TOO_MANY_REQUESTS} or {@link EtcdError#REQUEST_TOO_LARGE} at once, with {@link
   * EtcdError#TIMEOUT} when no result came in time.
   */
  public void propose(InternalRaftRequest.Builder request, ReplyTo<R> replyTo) {
    ProposalTracer.ProposalSpan span = tracer == null ? null : tracer.current();
    if (span == null) {
      propose(request, replyTo, null);
    } else {
      propose(request, new Traced<>(replyTo, span), span);
    }
  }

  private void propose(
      InternalRaftRequest.Builder request, ReplyTo<R> replyTo, ProposalTracer.ProposalSpan span) {
    long most = priorities && request.hasLeaseRevoke() ? MAX_PRIORITY_GAP : MAX_APPLY_GAP;
    if (applyGap.getAsLong() > most) {
      replyTo.fail(EtcdError.TOO_MANY_REQUESTS.exception());
      return;
    }
    long begin = metrics.begin();
    long id = ids.next();
    InternalRaftRequest proposed = request.setHeader(header(request).setID(id)).build();
    byte[] data = proposed.toByteArray();
    if (data.length > maxRequestBytes) {
      replyTo.fail(EtcdError.REQUEST_TOO_LARGE.exception());
      return;
    }
    pending.register(id, new TimedProposal<>(replyTo, metrics, proposed, begin));
    if (span != null) {
      span.proposed();
    }
    raft.tell(new RaftCommand.Propose(data));
  }

  private static RequestHeader.Builder header(InternalRaftRequest.Builder request) {
    return request.hasHeader() ? request.getHeader().toBuilder() : RequestHeader.newBuilder();
  }

  /** The span hears of the answer first. */
  private record Traced<R>(ReplyTo<R> replyTo, ProposalTracer.ProposalSpan span)
      implements ReplyTo<R> {
    @Override
    public void tell(R result) {
      span.applied();
      replyTo.tell(result);
    }

    @Override
    public void fail(EtcdException why) {
      span.failed(why);
      replyTo.fail(why);
    }
  }
}
