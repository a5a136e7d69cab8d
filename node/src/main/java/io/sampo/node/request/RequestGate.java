package io.sampo.node.request;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.edge.Answers;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
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
  private final Answers answers;

  public RequestGate(
      Proposer<ApplyResult> proposer,
      ActorRef<ReadBarrier.Command> barrier,
      PublishedState state,
      Quota quota,
      long memberId,
      Answers answers) {
    this.proposer = proposer;
    this.barrier = barrier;
    this.state = state;
    this.quota = quota;
    this.memberId = memberId;
    this.answers = answers;
  }

  /** The response that applying the request gave; the error it gave fails the future. */
  public <R> CompletableFuture<R> propose(InternalRaftRequest.Builder request, Class<R> response) {
    return answers.ask(replyTo -> propose(request, response, replyTo));
  }

  private <R> void propose(
      InternalRaftRequest.Builder request, Class<R> response, ReplyTo<R> replyTo) {
    proposer.propose(request, new ResponseOf<>(response, replyTo));
  }

  /** An error that applying gave is the answer's failure. */
  private record ResponseOf<R>(Class<R> response, ReplyTo<R> replyTo)
      implements ReplyTo<ApplyResult> {
    @Override
    public void tell(ApplyResult result) {
      if (result.error() == null) {
        replyTo.tell(response.cast(result.response()));
      } else {
        replyTo.fail(result.error());
      }
    }

    @Override
    public void fail(EtcdException why) {
      replyTo.fail(why);
    }
  }

  /** Proposes a compaction on the node's own behalf. */
  public void proposeCompaction(long revision, ReplyTo<CompactionResponse> replyTo) {
    propose(
        InternalRaftRequest.newBuilder()
            .setCompaction(CompactionRequest.newBuilder().setRevision(revision)),
        CompactionResponse.class,
        replyTo);
  }

  /** Completes when a read that begins then sees all that was acknowledged before this call. */
  public CompletableFuture<Void> linearizable() {
    return answers.ask(replyTo -> barrier.tell(new ReadBarrier.Await(replyTo)));
  }

  /** Proposes this member's NOSPACE alarm; answered when it is applied. */
  public void raiseNoSpace(ReplyTo<ApplyResult> replyTo) {
    raise(memberId, AlarmType.NOSPACE, replyTo);
  }

  /** Proposes the CORRUPT alarm of a member (0: of the whole cluster). */
  public void raiseCorrupt(long member) {
    raise(member, AlarmType.CORRUPT, ReplyTo.nobody());
  }

  private void raise(long member, AlarmType alarm, ReplyTo<ApplyResult> replyTo) {
    proposer.propose(
        InternalRaftRequest.newBuilder()
            .setAlarm(
                AlarmRequest.newBuilder()
                    .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                    .setMemberID(member)
                    .setAlarm(alarm)),
        replyTo);
  }

  /**
   * Whether a request of that cost still fits. If not, the alarm is raised first and the future
   * then fails with {@link EtcdError#NO_SPACE}, before anything else of the request is looked at.
   */
  public <R> CompletableFuture<R> withinQuota(long cost, Next<R> next) {
    if (quota.admits(state.get().sizeBytes(), cost)) {
      return next.go();
    }
    EtcdException refusal = EtcdError.NO_SPACE.exception();
    return answers.ask(
        replyTo ->
            raiseNoSpace(
                ReplyTo.of(raised -> replyTo.fail(refusal), failure -> replyTo.fail(refusal))));
  }

  /** What to do when the quota allows it. */
  public interface Next<R> {
    CompletableFuture<R> go();
  }
}
