package io.sampo.node.request;

import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/** The ways a checked request can take: through the log, behind a read barrier, past the quota. */
public final class RequestGate {
  private final Proposer<ApplyResult> proposer;
  private final ActorRef<ReadBarrier.Command> barrier;
  private final PublishedState state;
  private final Quota quota;
  private final long memberId;

  public RequestGate(
      Proposer<ApplyResult> proposer,
      ActorRef<ReadBarrier.Command> barrier,
      PublishedState state,
      Quota quota,
      long memberId) {
    this.proposer = proposer;
    this.barrier = barrier;
    this.state = state;
    this.quota = quota;
    this.memberId = memberId;
  }

  /** The response that applying the request gave; the error it gave fails the future. */
  public <R> CompletableFuture<R> propose(InternalRaftRequest.Builder request, Class<R> response) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    proposer
        .propose(request)
        .whenComplete(
            (result, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(failure);
              } else if (result.error() != null) {
                answer.completeExceptionally(result.error());
              } else {
                answer.complete(response.cast(result.response()));
              }
            });
    return answer;
  }

  /** Proposes a compaction on the node's own behalf. */
  public CompletableFuture<Void> proposeCompaction(long revision) {
    return propose(
            InternalRaftRequest.newBuilder()
                .setCompaction(CompactionRequest.newBuilder().setRevision(revision)),
            CompactionResponse.class)
        .thenApply(response -> null);
  }

  /** Completes when a read that begins then sees all that was acknowledged before this call. */
  public CompletableFuture<Void> linearizable() {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    barrier.tell(new ReadBarrier.Await(ready));
    return ready;
  }

  /** Proposes this member's NOSPACE alarm; completes when it is applied. */
  public CompletableFuture<ApplyResult> raiseNoSpace() {
    return raise(memberId, AlarmType.NOSPACE);
  }

  /** Proposes the CORRUPT alarm of a member (0: of the whole cluster). */
  public void raiseCorrupt(long member) {
    raise(member, AlarmType.CORRUPT);
  }

  private CompletableFuture<ApplyResult> raise(long member, AlarmType alarm) {
    return proposer.propose(
        InternalRaftRequest.newBuilder()
            .setAlarm(
                AlarmRequest.newBuilder()
                    .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                    .setMemberID(member)
                    .setAlarm(alarm)));
  }

  /**
   * Whether a request of that cost still fits. If not, the alarm is raised first and the future
   * then fails with {@link EtcdError#NO_SPACE}, before anything else of the request is looked at.
   */
  public <R> CompletableFuture<R> withinQuota(long cost, Next<R> next) {
    if (quota.admits(state.get().sizeBytes(), cost)) {
      return next.go();
    }
    CompletableFuture<R> refused = new CompletableFuture<>();
    raiseNoSpace()
        .whenComplete(
            (raised, failure) -> refused.completeExceptionally(EtcdError.NO_SPACE.exception()));
    return refused;
  }

  /** What to do when the quota allows it. */
  public interface Next<R> {
    CompletableFuture<R> go();
  }
}
