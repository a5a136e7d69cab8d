package io.sampo.node.request;

import io.sampo.node.dispatch.Actors;
import io.sampo.node.edge.Answers;
import io.sampo.node.raft.PublishedStatus;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.MembershipResult;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.persistence.datadir.Identity;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What every feature of a member stands on: the state that it reads, and the ways through the log
 * by which it changes it.
 *
 * @param ids of proposals and leases, unique in the cluster
 * @param answers turns what actors answer into futures
 * @param answered requests that wait to be applied here
 */
public record Consensus(
    Identity identity,
    PublishedState state,
    PublishedStatus status,
    ActorRef<RaftCommand> raft,
    ActorRef<ReadBarrier.Command> barrier,
    RequestIds ids,
    Answers answers,
    Pending answered,
    Proposer<ApplyResult> proposer,
    RequestGate gate,
    ResponseHeaders headers) {
  /** After how long an unanswered read barrier is asked for again (etcd 3.7). */
  private static final Duration READ_RETRY = Duration.ofMillis(500);

  /** Requests of this member's clients, and changes of the members, that wait for their result. */
  public record Pending(
      PendingRequests<ApplyResult> requests, PendingRequests<MembershipResult> changes) {

    public static Pending create(LongSupplier nanoTime, long timeoutNanos) {
      return new Pending(
          new PendingRequests<>(nanoTime, timeoutNanos),
          new PendingRequests<>(nanoTime, timeoutNanos));
    }
  }

  /**
   * How requests are taken.
   *
   * @param timeoutNanos how long one may wait
   * @param maxBytes the largest that is proposed
   * @param priorities the feature gate PriorityRequest
   * @param tracer of proposals; null where nothing is traced
   */
  public record Settings(
      long timeoutNanos, long maxBytes, boolean priorities, ProposalTracer tracer) {}

  /** Starts the read barrier above a Raft that runs. */
  public static Consensus create(
      Actors actors,
      Identity identity,
      PublishedState state,
      PublishedStatus status,
      Quota quota,
      ActorRef<RaftCommand> raft,
      Pending pending,
      Answers answers,
      Settings settings,
      RequestMetrics metrics,
      LongSupplier nanoTime,
      LongSupplier currentMillis) {
    ActorRef<ReadBarrier.Command> barrier =
        actors.spawn(
            "read-barrier",
            ReadBarrier.create(
                raft,
                () -> state.get().appliedIndex(),
                nanoTime,
                new ReadBarrier.Settings(settings.timeoutNanos(), READ_RETRY.toNanos()),
                answers.executor(),
                metrics));
    RequestIds ids = new RequestIds(identity.memberId(), currentMillis.getAsLong());
    Proposer<ApplyResult> proposer =
        new Proposer<>(
            raft,
            // By what the machine has applied: Raft hears of that later, behind other messages.
            () -> status.get().committedIndex() - state.get().appliedIndex(),
            ids,
            pending.requests(),
            settings.maxBytes(),
            settings.priorities(),
            metrics,
            settings.tracer());
    return new Consensus(
        identity,
        state,
        status,
        raft,
        barrier,
        ids,
        answers,
        pending,
        proposer,
        new RequestGate(proposer, barrier, state, quota, identity.memberId(), answers),
        new ResponseHeaders(
            identity.clusterId(), identity.memberId(), status, () -> state.keys().revision()));
  }

  public long memberId() {
    return identity.memberId();
  }

  public long clusterId() {
    return identity.clusterId();
  }

  /** The members as this one has applied them. */
  public ClusterState cluster() {
    return state.get().cluster();
  }

  /** Whether this member is a learner, as far as it has applied. */
  public boolean isLearner() {
    ClusterMember self = cluster().member(memberId());
    return self != null && self.learner();
  }
}
