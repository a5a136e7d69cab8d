package io.sampo.node.lease;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.edge.Answers;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.raft.ReadIndexReply;
import io.sampo.node.state.lease.KeySet;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.lease.LeaseEvent;
import io.sampo.node.state.lease.LeaseTable;
import io.sampo.protocol.etcdserverpb.LeaseCheckpoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** A lessor with its table, a log that the test plays, and a clock that the test moves. */
final class LeaseWorld implements AutoCloseable {
  static final Duration ELECTION = Duration.ofSeconds(1);
  static final Duration RETRY = Duration.ofSeconds(7);

  /** Longer than anything that {@link #pass} leaps over. */
  private static final Duration LONG_STANDSTILL = Duration.ofDays(1);

  /** What the lessor asked of the log. */
  sealed interface Asked {
    record Revoke(long term, long id) implements Asked {}

    record Checkpoint(long term, List<LeaseCheckpoint> checkpoints) implements Asked {}

    record Confirm(long requestId, ActorRef<ReadIndexReply> replyTo) implements Asked {}
  }

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);
  final TestProbe<Asked> log = kit.createTestProbe();
  private volatile boolean raftIsActive = true;
  private volatile LeaseTable table = LeaseTable.EMPTY;
  private final ActorRef<Lessor.Command> lessor;
  final Renewals renewals;
  final Leases leases;

  LeaseWorld() {
    this(false, 4096);
  }

  LeaseWorld(boolean checkpoints, int maxInFlight) {
    this(checkpoints, maxInFlight, LONG_STANDSTILL);
  }

  LeaseWorld(Duration standstill) {
    this(false, 4096, standstill);
  }

  private LeaseWorld(boolean checkpoints, int maxInFlight, Duration standstill) {
    LeaseProposals proposals =
        new LeaseProposals() {
          @Override
          public void revoke(long term, long leaseId) {
            log.getRef().tell(new Asked.Revoke(term, leaseId));
          }

          @Override
          public void checkpoint(long term, List<LeaseCheckpoint> checkpointed) {
            log.getRef().tell(new Asked.Checkpoint(term, checkpointed));
          }

          @Override
          public void confirmLeadership(long requestId, ActorRef<ReadIndexReply> replyTo) {
            log.getRef().tell(new Asked.Confirm(requestId, replyTo));
          }
        };
    Duration interval = checkpoints ? Duration.ofMinutes(5) : Duration.ZERO;
    LeaseContext context =
        LeaseContext.of(
            () -> table,
            proposals,
            new LeaseSettings(ELECTION, RETRY, maxInFlight, interval, standstill),
            nanos::get,
            new LeaseMetrics(new MetricsRegistry()),
            () -> raftIsActive);
    lessor = kit.spawn(Lessor.create(context));
    renewals = context.renewals();
    leases = new Leases(lessor, renewals, new Answers(kit.system().executionContext()));
  }

  /** Puts a lease into the table, as a member does that does not lead. */
  void inherit(long id, long ttlSeconds, long remainingSeconds) {
    table = table.with(new Lease(id, ttlSeconds, remainingSeconds, KeySet.EMPTY));
  }

  /** The table has the lease no more. */
  void leave(long id) {
    table = table.without(id);
  }

  void lead(boolean leader, long term) {
    lessor.tell(new Lessor.Leadership(new LeadershipChange(leader, term)));
    settle();
  }

  void grant(long id, long ttlSeconds) {
    inherit(id, ttlSeconds, 0);
    lessor.tell(new Lessor.Applied(List.of(new LeaseEvent.Granted(id, ttlSeconds)), 0));
    settle();
  }

  void revoke(long id) {
    leave(id);
    lessor.tell(new Lessor.Applied(List.of(new LeaseEvent.Revoked(id)), 0));
    settle();
  }

  void checkpoint(long id, long remainingSeconds) {
    table = table.checkpoint(id, remainingSeconds);
    lessor.tell(new Lessor.Applied(List.of(new LeaseEvent.Checkpointed(id, remainingSeconds)), 0));
    settle();
  }

  /** Time passes, and the lessor's timer fires once at its end; everything it causes happens. */
  void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
    time.timePasses(Duration.ofMillis(DueTimes.SLOT_MILLIS));
    settle();
  }

  /** The process is stopped for a while: time passes, and no timer fires. */
  void standStill(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  /** Raft's thread stands still, or goes on; the lessor's does not notice by itself. */
  void raftIsActive(boolean active) {
    raftIsActive = active;
  }

  /** A question behind everything told so far has been answered. */
  private void settle() {
    get(leases.list());
    get(leases.list());
  }

  /** The session of the lease fails in a message. */
  void failSession(long id) {
    lessor.tell(
        new Lessor.AskTimeToLive(
            id,
            ReplyTo.of(
                outcome -> {
                  throw new IllegalStateException("a session that fails");
                },
                why -> {})));
    settle();
  }

  Asked.Confirm expectConfirm() {
    return log.expectMessageClass(Asked.Confirm.class);
  }

  void answer(Asked.Confirm question, boolean confirmed) {
    question
        .replyTo()
        .tell(
            confirmed
                ? new ReadIndexReply.ReadState(question.requestId(), 1)
                : new ReadIndexReply.ReadFailed(question.requestId()));
    settle();
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(5, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
