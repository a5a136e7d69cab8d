package io.sampo.node.lease;

import io.sampo.node.dispatch.ReplyTo;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One lease, on the leader. It alone decides when the lease is over: a keep-alive that comes before
 * the deadline renews it, here or at {@link Renewals}, one that comes later never does. From the
 * moment it has called itself expired it only waits for the revoke to be applied; those who want to
 * renew it wait with it.
 *
 * <p>A leader has a million of these, so it is one object without a timer and without a receive
 * table of its own: the lessor says when a deadline may have come.
 */
public final class LeaseSession {
  private static final long MILLIS_PER_SECOND = 1000;

  /** What a session is told. */
  sealed interface Command {}

  /** A client renews. */
  record KeepAlive(ReplyTo<KeepAliveOutcome> replyTo) implements Command {}

  /** A client asks how long the lease lives. */
  record AskTimeToLive(ReplyTo<TimeToLiveOutcome> replyTo) implements Command {}

  /** For a list in the order of remaining times: answered with {@link Lessor.Deadline}. */
  record AskDeadline(long listing) implements Command {}

  /** The state machine noted what is left; 0 if the note was cleared. */
  record Checkpointed(long remainingSeconds) implements Command {}

  /** What needs no content. */
  enum Signal implements Command {
    /** The deadline the lessor knows of has come. */
    DUE,
    /** It may be time to note down what is left. */
    CHECKPOINT,
    /** The lease is gone. */
    REVOKED,
    /** This member leads no more. */
    LEADERSHIP_LOST
  }

  private final ActorRef<Lessor.Command> lessor;
  private final LeaseMetrics metrics;
  private final long id;
  private final LeaseDeadline deadline;
  private long checkpointedSeconds;
  private boolean expired;

  /** Those whose renewal waits for the revoke, or for a note to be cleared; null if nobody. */
  private List<ReplyTo<KeepAliveOutcome>> waiting;

  private LeaseSession(
      ActorRef<Lessor.Command> lessor,
      LeaseMetrics metrics,
      long id,
      LeaseDeadline deadline,
      long checkpointedSeconds,
      boolean expired) {
    this.lessor = lessor;
    this.metrics = metrics;
    this.id = id;
    this.deadline = deadline;
    this.checkpointedSeconds = checkpointedSeconds;
    this.expired = expired;
    if (expired || checkpointedSeconds > 0) {
      deadline.close();
    }
  }

  /**
   * @param checkpointedSeconds what was noted as left; 0 if nothing was
   * @param expired whether the lessor knows already that its time is over
   */
  static Behavior<Command> create(
      ActorRef<Lessor.Command> lessor,
      LeaseMetrics metrics,
      long id,
      LeaseDeadline deadline,
      long checkpointedSeconds,
      boolean expired) {
    LeaseSession session =
        new LeaseSession(lessor, metrics, id, deadline, checkpointedSeconds, expired);
    return Behaviors.receive(session::onMessageOrFail);
  }

  /**
   * A lease without a session would never expire, so the lessor opens another one. It is told here,
   * because to watch a million sessions would cost the lessor an entry for each.
   */
  private Behavior<Command> onMessageOrFail(ActorContext<Command> context, Command command) {
    try {
      return onMessage(command);
    } catch (RuntimeException | Error failure) {
      deadline.close();
      List<ReplyTo<KeepAliveOutcome>> askers = waiting == null ? List.of() : waiting;
      lessor.tell(new Lessor.Failed(id, context.getSelf(), deadline.millis(), expired, askers));
      throw failure;
    }
  }

  private Behavior<Command> onMessage(Command command) {
    if (command instanceof KeepAlive keepAlive) {
      return onKeepAlive(keepAlive.replyTo());
    }
    if (command instanceof AskTimeToLive question) {
      return onAskTimeToLive(question.replyTo());
    }
    if (command instanceof AskDeadline question) {
      lessor.tell(new Lessor.Deadline(question.listing(), id, deadline.millis()));
      return Behaviors.same();
    }
    if (command instanceof Checkpointed checkpointed) {
      return onCheckpointed(checkpointed.remainingSeconds());
    }
    return onSignal((Signal) command);
  }

  private Behavior<Command> onSignal(Signal signal) {
    return switch (signal) {
      case DUE -> onDue();
      case CHECKPOINT -> onCheckpoint();
      case REVOKED -> end(new KeepAliveOutcome.NotFound());
      case LEADERSHIP_LOST -> end(new KeepAliveOutcome.NotLeader());
    };
  }

  private Behavior<Command> onKeepAlive(ReplyTo<KeepAliveOutcome> replyTo) {
    if (deadline.renew()) {
      metrics.renewed();
      replyTo.tell(new KeepAliveOutcome.Renewed(deadline.ttlSeconds()));
      return Behaviors.same();
    }
    await(replyTo);
    if (checkpointedSeconds > 0 && !isOver()) {
      // The next leader would start from the note: it has to go before the renewal is promised.
      lessor.tell(new Lessor.ClearCheckpoint(id));
    }
    return Behaviors.same();
  }

  private boolean isOver() {
    return expired || deadline.isReached();
  }

  private void await(ReplyTo<KeepAliveOutcome> replyTo) {
    if (waiting == null) {
      waiting = new ArrayList<>(1);
    }
    waiting.add(replyTo);
  }

  private void answerWaiting(KeepAliveOutcome outcome) {
    if (waiting != null) {
      waiting.forEach(each -> each.tell(outcome));
      waiting = null;
    }
  }

  private Behavior<Command> onAskTimeToLive(ReplyTo<TimeToLiveOutcome> replyTo) {
    long ttlSeconds = deadline.ttlSeconds();
    // A new leader's extension is not the client's to see: it was granted no more than this.
    long remainingSeconds =
        Math.min(Math.max(0, deadline.remainingMillis()) / MILLIS_PER_SECOND, ttlSeconds);
    replyTo.tell(new TimeToLiveOutcome.Alive(remainingSeconds, ttlSeconds));
    return Behaviors.same();
  }

  private Behavior<Command> onDue() {
    if (expired) {
      return Behaviors.same();
    }
    expired = deadline.closeIfReached();
    lessor.tell(expired ? new Lessor.Expired(id) : new Lessor.Reschedule(id, deadline.millis()));
    return Behaviors.same();
  }

  private Behavior<Command> onCheckpoint() {
    long remainingMillis = deadline.remainingMillis();
    long remainingSeconds = (remainingMillis + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND;
    if (!expired && remainingMillis > 0 && remainingSeconds < deadline.ttlSeconds()) {
      lessor.tell(new Lessor.CheckpointDue(id, remainingSeconds));
    }
    return Behaviors.same();
  }

  private Behavior<Command> onCheckpointed(long remainingSeconds) {
    checkpointedSeconds = remainingSeconds;
    if (remainingSeconds > 0) {
      deadline.close();
    } else if (!expired) {
      deadline.open();
      if (waiting != null && deadline.renew()) {
        metrics.renewed();
        answerWaiting(new KeepAliveOutcome.Renewed(deadline.ttlSeconds()));
      }
    }
    return Behaviors.same();
  }

  private Behavior<Command> end(KeepAliveOutcome outcome) {
    deadline.close();
    answerWaiting(outcome);
    return Behaviors.stopped();
  }
}
