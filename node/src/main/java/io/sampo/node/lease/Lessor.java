package io.sampo.node.lease;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.raft.ReadIndexReply;
import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.lease.LeaseEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Keeps the time of all leases while this member leads, through a {@link LeaseSession} for each;
 * while it does not, it only says so.
 *
 * <p>The order of expiry and renewal: the session says "expired" once, on its own clock reading;
 * after that no keep-alive succeeds. Then a quorum confirms that this member still leads, then the
 * revoke is proposed, then it is applied and those who wait are told that there is no such lease.
 * If leadership goes first, they are told that, and the next leader starts every lease anew.
 */
public final class Lessor extends AbstractBehavior<Lessor.Command> {
  private static final Duration TICK = Duration.ofMillis(DueTimes.SLOT_MILLIS);

  /** What the lessor is told. */
  public sealed interface Command {}

  /** This member starts or stops to lead. */
  public record Leadership(LeadershipChange change) implements Command {}

  /**
   * What an apply did to leases, in order. The table with it has to be readable before.
   *
   * @param again how many of them, the oldest, are of entries that the log held at the start
   */
  public record Applied(List<LeaseEvent> events, int again) implements Command {}

  record KeepAlive(long id, ReplyTo<KeepAliveOutcome> replyTo) implements Command {}

  record AskTimeToLive(long id, ReplyTo<TimeToLiveOutcome> replyTo) implements Command {}

  record ListAll(ReplyTo<List<Long>> replyTo) implements Command {}

  /** From a session: it will never be renewed again. */
  record Expired(long id) implements Command {}

  /** From a session: it was renewed since the deadline was filed. */
  record Reschedule(long id, long deadlineMillis) implements Command {}

  /** From a session: what is left is worth a note. */
  record CheckpointDue(long id, long remainingSeconds) implements Command {}

  /** From a session: somebody renews, and the note of what was left has to go first. */
  record ClearCheckpoint(long id) implements Command {}

  /** From a session, for a list. */
  record Deadline(long listing, long id, long deadlineMillis) implements Command {}

  /**
   * From a session that has failed and stops.
   *
   * @param deadlineMillis until when its lease was promised to live
   * @param expired whether it has told {@link Expired}
   * @param waiting whose renewals it owes an answer
   */
  record Failed(
      long id,
      ActorRef<LeaseSession.Command> session,
      long deadlineMillis,
      boolean expired,
      List<ReplyTo<KeepAliveOutcome>> waiting)
      implements Command {}

  private record QuorumSaid(ReadIndexReply reply) implements Command {}

  private enum Signal implements Command {
    TICK,
    INHERIT
  }

  private final LeaseContext leases;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ReadIndexReply> quorum;
  private final LeadershipConfirmation confirmation;

  /** Null while this member does not lead. */
  private PrimaryLessor primary;

  /** The question the quorum has to answer; 0 if there is none. */
  private long confirming;

  private long lastRequestId;
  private Listing listing;
  private long listingId;
  private List<ReplyTo<List<Long>>> nextListing = new ArrayList<>();

  private Lessor(
      ActorContext<Command> context, TimerScheduler<Command> timers, LeaseContext leases) {
    super(context);
    this.timers = timers;
    this.leases = leases;
    this.confirmation =
        new LeadershipConfirmation(leases.settings().standstill(), leases.raftIsActive());
    this.quorum = context.messageAdapter(ReadIndexReply.class, QuorumSaid::new);
  }

  static Behavior<Command> create(LeaseContext leases) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Lessor(context, timers, leases)));
  }

  /** Tells the lessor what became of leases. */
  public static Consumer<ApplyEvent> subscription(ActorRef<Command> lessor) {
    return event -> {
      if (event instanceof ApplyEvent.Applied applied && !applied.leases().isEmpty()) {
        lessor.tell(new Applied(applied.leases(), applied.leasesAgain()));
      }
    };
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(KeepAlive.class, this::onKeepAlive)
        .onMessage(Applied.class, this::onApplied)
        .onMessage(Expired.class, this::onExpired)
        .onMessage(Reschedule.class, this::onReschedule)
        .onMessageEquals(Signal.TICK, this::onTick)
        .onMessage(QuorumSaid.class, this::onQuorumSaid)
        .onMessage(AskTimeToLive.class, this::onAskTimeToLive)
        .onMessage(ListAll.class, this::onListAll)
        .onMessage(Deadline.class, this::onDeadline)
        .onMessage(CheckpointDue.class, this::onCheckpointDue)
        .onMessage(ClearCheckpoint.class, this::onClearCheckpoint)
        .onMessage(Leadership.class, this::onLeadership)
        .onMessage(Failed.class, this::onFailed)
        .onMessageEquals(Signal.INHERIT, this::onInherit)
        .build();
  }

  private Behavior<Command> onLeadership(Leadership leadership) {
    if (primary != null) {
      leases.renewals().end();
      primary.end();
      primary = null;
      timers.cancel(Signal.TICK);
      confirming = 0;
      confirmation.end().forEach(Lessor::refuse);
      abandonListing();
    }
    if (leadership.change().leader()) {
      long term = leadership.change().term();
      confirmation.begin(leases.clock().nowMillis());
      primary =
          new PrimaryLessor(
              term,
              leases,
              getContext().getSelf(),
              session -> getContext().spawnAnonymous(session));
      leases.renewals().begin(confirmation, primary.sessions());
      timers.startTimerWithFixedDelay(Signal.TICK, Signal.TICK, TICK);
      onInherit();
    }
    return this;
  }

  private Behavior<Command> onInherit() {
    if (primary != null) {
      if (primary.inheritSome()) {
        getContext().getSelf().tell(Signal.INHERIT);
      } else {
        startListing();
      }
    }
    return this;
  }

  private Behavior<Command> onApplied(Applied applied) {
    int counted = applied.again();
    leases.metrics().applied(applied.events().subList(counted, applied.events().size()));
    for (LeaseEvent event : applied.events()) {
      if (event instanceof LeaseEvent.Granted granted) {
        if (primary != null) {
          primary.granted(granted.id(), granted.ttlSeconds());
        }
      } else if (event instanceof LeaseEvent.Revoked revoked) {
        if (primary != null) {
          primary.revoked(revoked.id());
        }
      } else if (event instanceof LeaseEvent.Checkpointed checkpointed && primary != null) {
        primary.checkpointed(checkpointed.id(), checkpointed.remainingSeconds());
      }
    }
    return confirmIfNeeded();
  }

  private Behavior<Command> onKeepAlive(KeepAlive request) {
    if (primary == null) {
      refuse(request);
      return this;
    }
    notice();
    if (confirmation.isNeeded()) {
      confirmation.await(request, leases.clock().nowMillis());
      return confirmIfNeeded();
    }
    renew(request);
    return this;
  }

  private static void refuse(KeepAlive request) {
    request.replyTo().tell(new KeepAliveOutcome.NotLeader());
  }

  private void renew(KeepAlive request) {
    ActorRef<LeaseSession.Command> session = primary.session(request.id());
    if (session == null) {
      request.replyTo().tell(new KeepAliveOutcome.NotFound());
    } else {
      session.tell(new LeaseSession.KeepAlive(request.replyTo()));
    }
  }

  private void notice() {
    confirmation.goesOn(leases.clock().nowMillis(), lastRequestId + 1);
  }

  private Behavior<Command> onAskTimeToLive(AskTimeToLive request) {
    if (primary == null) {
      request.replyTo().tell(new TimeToLiveOutcome.NotLeader());
      return this;
    }
    ActorRef<LeaseSession.Command> session = primary.session(request.id());
    if (session == null) {
      request.replyTo().tell(new TimeToLiveOutcome.NotFound());
    } else {
      session.tell(new LeaseSession.AskTimeToLive(request.replyTo()));
    }
    return this;
  }

  private Behavior<Command> onTick() {
    if (primary != null) {
      notice();
      primary.tick();
      giveUpWaiting();
    }
    return confirmIfNeeded();
  }

  /** Their client has to know that this member does not get on, before the lease is over. */
  private void giveUpWaiting() {
    long began = leases.clock().nowMillis() - leases.settings().retryInterval().toMillis();
    confirmation
        .waitingSince(began)
        .forEach(request -> request.replyTo().tell(new KeepAliveOutcome.Unconfirmed()));
  }

  private Behavior<Command> onExpired(Expired expired) {
    if (primary != null) {
      primary.expired(expired.id());
    }
    return confirmIfNeeded();
  }

  private Behavior<Command> onReschedule(Reschedule renewed) {
    if (primary != null) {
      primary.reschedule(renewed.id(), renewed.deadlineMillis());
    }
    return this;
  }

  /** What was on its way to the session is lost with it, a list's question included. */
  private Behavior<Command> onFailed(Failed failed) {
    if (primary != null) {
      primary.replace(failed);
      abandonListing();
    }
    return confirmIfNeeded();
  }

  /**
   * One question to the quorum stands for all leases that have expired when the answer comes, and
   * for the renewals that came before it was asked.
   */
  private Behavior<Command> confirmIfNeeded() {
    if (primary != null
        && confirming == 0
        && (primary.wantsToRevoke() || confirmation.hasWaiting())) {
      confirming = ++lastRequestId;
      leases.proposals().confirmLeadership(confirming, quorum);
    }
    return this;
  }

  private Behavior<Command> onQuorumSaid(QuorumSaid said) {
    if (primary != null && said.reply().requestId() == confirming) {
      long question = confirming;
      confirming = 0;
      boolean confirmed = said.reply() instanceof ReadIndexReply.ReadState;
      if (confirmed) {
        primary.revokeSome();
      }
      confirmation.answered(question, confirmed).forEach(confirmed ? this::renew : Lessor::refuse);
      // If it failed, the next tick asks again.
      if (confirmation.hasWaiting()) {
        return confirmIfNeeded();
      }
    }
    return this;
  }

  private Behavior<Command> onCheckpointDue(CheckpointDue due) {
    if (primary != null) {
      primary.checkpointDue(due.id(), due.remainingSeconds());
    }
    return this;
  }

  private Behavior<Command> onClearCheckpoint(ClearCheckpoint clear) {
    if (primary != null) {
      primary.clearCheckpoint(clear.id());
    }
    return this;
  }

  private Behavior<Command> onListAll(ListAll request) {
    if (primary == null) {
      request.replyTo().tell(unordered());
    } else {
      nextListing.add(request.replyTo());
      startListing();
    }
    return this;
  }

  /** One list at a time; those who ask meanwhile share the next. */
  private void startListing() {
    if (listing == null && !nextListing.isEmpty() && !primary.isInheriting()) {
      listingId++;
      listing = new Listing(nextListing, primary.askDeadlines(listingId));
      nextListing = new ArrayList<>();
      finishListing();
    }
  }

  private Behavior<Command> onDeadline(Deadline deadline) {
    if (listing != null && deadline.listing() == listingId) {
      listing.add(deadline.id(), deadline.deadlineMillis());
      finishListing();
    }
    return this;
  }

  private void finishListing() {
    if (listing.isComplete()) {
      listing.complete();
      listing = null;
      startListing();
    }
  }

  private void abandonListing() {
    if (listing != null) {
      listing.complete(unordered());
      listing = null;
    }
    nextListing.forEach(asker -> asker.tell(unordered()));
    nextListing = new ArrayList<>();
  }

  private List<Long> unordered() {
    return leases.table().get().toList().stream().map(Lease::id).toList();
  }
}
