package io.sampo.node.server;

import io.sampo.node.dispatch.Actors;
import io.sampo.node.member.MemberPublisher;
import io.sampo.node.member.RemovedMemberException;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.raft.RaftActor;
import io.sampo.persistence.log.LogActor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DeathPactException;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The parent of a member's actors. None of them is ever restarted: what fails there is a broken
 * invariant or a disk that cannot be trusted, and a node that cannot keep its promises ends.
 */
public final class Supervisor extends AbstractBehavior<Supervisor.Command> {
  /** How long a removed member stays (etcd 3.7). */
  private static final Duration REMOVED_END = Duration.ofSeconds(1);

  /** What the supervisor tells itself. */
  public sealed interface Command {}

  private record Leadership(LeadershipChange change) implements Command {}

  private record Begin(MemberSetup setup, RestoredState restored, Listener listener)
      implements Command {}

  private record Published(MemberPublisher.Published published) implements Command {}

  private enum LogBegun implements Command {
    INSTANCE
  }

  private record Established(Throwable failure) implements Command {}

  private record Failed(Throwable cause) implements Command {}

  private enum RemovedFromCluster implements Command {
    INSTANCE
  }

  private enum EndAsRemoved implements Command {
    INSTANCE
  }

  /**
   * Who started the member, and is told what happens to it.
   *
   * @param assembled its actors run; on the supervisor's thread
   * @param establish makes durable that this member has a log from now on, and whose it is; called
   *     once, on a thread that may wait, before anybody hears of this member. Empty if an earlier
   *     start has done it
   * @param published the cluster knows what this member says of itself; on the supervisor's thread
   * @param failed why the node cannot go on
   */
  public record Listener(
      Consumer<Member> assembled,
      Optional<Runnable> establish,
      Runnable published,
      Consumer<Throwable> failed) {}

  /** For other threads, on which the context must not be asked. */
  private final ActorRef<Command> self;

  private final TimerScheduler<Command> timers;
  private final MemberSetup setup;
  private final RestoredState restored;
  private final Listener listener;
  private final Actors actors;
  private final Member member;

  /** For a system that is needed before it is known whose member it holds. */
  static Behavior<Command> awaiting() {
    return Behaviors.receive(Command.class)
        .onMessage(Begin.class, begin -> create(begin.setup(), begin.restored(), begin.listener()))
        .build();
  }

  /** What ends {@link #awaiting}. */
  static Command begin(MemberSetup setup, RestoredState restored, Listener listener) {
    return new Begin(setup, restored, listener);
  }

  /** Starts a member. */
  public static Behavior<Command> create(
      MemberSetup setup, RestoredState restored, Listener listener) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Supervisor(context, timers, setup, restored, listener)));
  }

  private Supervisor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      MemberSetup setup,
      RestoredState restored,
      Listener listener) {
    super(context);
    this.self = context.getSelf();
    this.timers = timers;
    this.setup = setup;
    this.restored = restored;
    this.listener = listener;
    this.actors = new Actors(context, setup.instruments().interceptor());
    this.member =
        new Member(
            actors,
            setup,
            restored,
            new Member.Signals(
                () -> self.tell(LogBegun.INSTANCE),
                change -> self.tell(new Leadership(change)),
                context.messageAdapter(MemberPublisher.Published.class, Published::new),
                () -> self.tell(RemovedFromCluster.INSTANCE),
                () -> self.tell(EndAsRemoved.INSTANCE),
                cause -> self.tell(new Failed(cause))));
    if (listener.establish().isEmpty()) {
      member.onEstablished();
    }
    if (member.replica().consensus().cluster().removed().contains(setup.identity().memberId())) {
      self.tell(RemovedFromCluster.INSTANCE);
    }
    listener.assembled().accept(member);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Leadership.class, this::onLeadership)
        .onMessage(Published.class, this::onPublished)
        .onMessageEquals(LogBegun.INSTANCE, this::onLogBegun)
        .onMessage(Established.class, this::onEstablished)
        .onMessage(Failed.class, failure -> end(failure.cause()))
        .onMessageEquals(RemovedFromCluster.INSTANCE, this::onRemoved)
        .onMessageEquals(EndAsRemoved.INSTANCE, () -> end(new RemovedMemberException()))
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(
            Terminated.class,
            stopped -> end(new IllegalStateException(stopped.getRef().path() + " has stopped")))
        .build();
  }

  /** A moment for those whom this member still answers, as in etcd. */
  private Behavior<Command> onRemoved() {
    timers.startSingleTimer(EndAsRemoved.INSTANCE, REMOVED_END);
    return this;
  }

  private Behavior<Command> onLeadership(Leadership leadership) {
    member.onLeadership(leadership.change());
    return this;
  }

  /** Whoever hears of this member must find it again, so its identity comes first. */
  private Behavior<Command> onLogBegun() {
    if (listener.establish().isEmpty()) {
      return this;
    }
    CompletableFuture.runAsync(listener.establish().orElseThrow(), actors.blocking())
        .whenComplete((done, failure) -> self.tell(new Established(failure)));
    return this;
  }

  private Behavior<Command> onEstablished(Established outcome) {
    if (outcome.failure() != null) {
      Throwable cause = outcome.failure().getCause();
      return end(cause == null ? outcome.failure() : cause);
    }
    member.onEstablished();
    return this;
  }

  private Behavior<Command> onPublished(Published published) {
    listener.published().run();
    return this;
  }

  /** Raft goes with its log; then the log's own failure is what the operator has to know. */
  private Behavior<Command> onChildFailed(ChildFailed failed) {
    Throwable cause = failed.getCause();
    // A journal that stopped without saying why has said it in the log before.
    if (cause instanceof RaftActor.LogFailedException || cause instanceof DeathPactException) {
      return end(new IllegalStateException(LogActor.describe(cause, setup.disk().log()), cause));
    }
    return end(
        new IllegalStateException(failed.getRef().path().name() + " failed: " + cause, cause));
  }

  private Behavior<Command> end(Throwable cause) {
    listener.failed().accept(cause);
    return Behaviors.stopped();
  }
}
