package io.sampo.node.server;

import io.sampo.node.apply.Applier;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.compaction.AutoCompactor;
import io.sampo.node.lease.Lessor;
import io.sampo.node.member.ClusterVersionMonitor;
import io.sampo.node.member.ClusterVersionRule;
import io.sampo.node.member.MemberPublisher;
import io.sampo.node.member.RemovedMemberException;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.raft.RaftActor;
import io.sampo.node.raft.SnapshotToInstall;
import io.sampo.node.request.LateAnswers;
import io.sampo.node.state.StateMachine;
import io.sampo.persistence.log.LogActor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DeathPactException;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The parent of a node's rooms. None of them is ever restarted: what fails there is a broken
 * invariant or a disk that cannot be trusted, and a node that cannot keep its promises ends.
 */
public final class Supervisor extends AbstractBehavior<Supervisor.Command> {
  /** How long a removed member stays (etcd 3.7). */
  private static final Duration REMOVED_END = Duration.ofSeconds(1);

  /** What the guardian tells itself. */
  public sealed interface Command {}

  private record Leadership(LeadershipChange change) implements Command {}

  private record Install(SnapshotToInstall snapshot) implements Command {}

  private record Published(MemberPublisher.Published published) implements Command {}

  private record Begin(NodeParts parts, Life life) implements Command {}

  private enum LogBegun implements Command {
    INSTANCE
  }

  private record Established(Throwable failure) implements Command {}

  private enum ExpireRequests implements Command {
    INSTANCE
  }

  private enum RemovedFromCluster implements Command {
    INSTANCE
  }

  private enum EndAsRemoved implements Command {
    INSTANCE
  }

  /** For other threads, on which the context must not be asked. */
  private final ActorRef<Command> self;

  private final TimerScheduler<Command> timers;
  private final NodeParts parts;
  private final Life life;
  private final LateAnswers lateAnswers;
  private final NodeRooms rooms;

  /**
   * What happens to a node, for whoever started it.
   *
   * @param assembled completes when the rooms run
   * @param establish makes durable that this member has a log from now on, and whose it is; called
   *     once, on a thread that may wait, before anybody hears of this member. Empty if an earlier
   *     start has done it
   * @param running completes when this member has announced itself
   * @param fatal told why the node cannot go on
   */
  public record Life(
      CompletableFuture<NodeRooms> assembled,
      Optional<Runnable> establish,
      CompletableFuture<Void> running,
      Consumer<Throwable> fatal) {}

  /** For a system that is needed before it is known whose node it holds. */
  static Behavior<Command> awaiting() {
    return Behaviors.receive(Command.class)
        .onMessage(Begin.class, begin -> create(begin.parts(), begin.life()))
        .build();
  }

  /** What ends {@link #awaiting}. */
  static Command begin(NodeParts parts, Life life) {
    return new Begin(parts, life);
  }

  public static Behavior<Command> create(NodeParts parts, Life life) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(ExpireRequests.INSTANCE, Duration.ofMillis(250));
                  return new Supervisor(context, timers, parts, life);
                }));
  }

  private Supervisor(
      ActorContext<Command> context, TimerScheduler<Command> timers, NodeParts parts, Life life) {
    super(context);
    this.self = context.getSelf();
    this.timers = timers;
    this.parts = parts;
    this.life = life;
    this.rooms =
        new RoomAssembly(
                context,
                parts,
                new RoomAssembly.Signals(
                    context.messageAdapter(SnapshotToInstall.class, Install::new),
                    context.messageAdapter(LeadershipChange.class, Leadership::new),
                    context.messageAdapter(MemberPublisher.Published.class, Published::new),
                    this::onRemovedFromCluster,
                    () -> self.tell(EndAsRemoved.INSTANCE)))
            .assemble();
    NodeConfig config = parts.config();
    this.lateAnswers =
        new LateAnswers(
            parts.status(),
            parts.status()::leaderSinceNanos,
            config.electionTimeoutByTicksNanos(),
            parts
                .peers()
                .map(own -> own.connections(parts))
                .orElse(LateAnswers.Connections.PERFECT));
    if (life.establish().isEmpty()) {
      rooms.publisher().tell(new MemberPublisher.Established());
    } else {
      parts.logBegun().thenRun(() -> self.tell(LogBegun.INSTANCE));
    }
    if (parts.state().get().cluster().removed().contains(parts.memberId())) {
      self.tell(RemovedFromCluster.INSTANCE);
    }
    life.assembled().complete(rooms);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Leadership.class, this::onLeadership)
        .onMessage(Install.class, this::onInstall)
        .onMessage(Published.class, this::onPublished)
        .onMessageEquals(LogBegun.INSTANCE, this::onLogBegun)
        .onMessage(Established.class, this::onEstablished)
        .onMessageEquals(ExpireRequests.INSTANCE, this::onExpireRequests)
        .onMessageEquals(RemovedFromCluster.INSTANCE, this::onRemoved)
        .onMessageEquals(EndAsRemoved.INSTANCE, () -> end(new RemovedMemberException()))
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(
            Terminated.class,
            stopped -> end(new IllegalStateException(stopped.getRef().path() + " has stopped")))
        .build();
  }

  /** Told on the applier's thread, or by a peer that does not talk to us any more. */
  private void onRemovedFromCluster() {
    self.tell(RemovedFromCluster.INSTANCE);
  }

  /** A moment for those whom this member still answers, as in etcd. */
  private Behavior<Command> onRemoved() {
    timers.startSingleTimer(EndAsRemoved.INSTANCE, REMOVED_END);
    return this;
  }

  private Behavior<Command> onLeadership(Leadership leadership) {
    rooms.lessor().tell(new Lessor.Leadership(leadership.change()));
    rooms
        .compactor()
        .ifPresent(compactor -> compactor.tell(new AutoCompactor.Leadership(leadership.change())));
    rooms.versions().tell(new ClusterVersionMonitor.Leadership(leadership.change()));
    rooms.publisher().tell(new MemberPublisher.Leadership(leadership.change()));
    return this;
  }

  /** Whoever hears of this member must find it again, so its identity comes first. */
  private Behavior<Command> onLogBegun() {
    CompletableFuture.runAsync(life.establish().orElseThrow(), blocking())
        .whenComplete((done, failure) -> self.tell(new Established(failure)));
    return this;
  }

  private Behavior<Command> onEstablished(Established outcome) {
    if (outcome.failure() != null) {
      Throwable cause = outcome.failure().getCause();
      return end(cause == null ? outcome.failure() : cause);
    }
    rooms.publisher().tell(new MemberPublisher.Established());
    return this;
  }

  private Behavior<Command> onPublished(Published published) {
    life.running().complete(null);
    return this;
  }

  /** Raft goes with its log; then the log's own failure is what the operator has to know. */
  private Behavior<Command> onChildFailed(ChildFailed failed) {
    Throwable cause = failed.getCause();
    // A journal that stopped without saying why has said it in the log before.
    if (cause instanceof RaftActor.LogFailedException || cause instanceof DeathPactException) {
      return end(new IllegalStateException(LogActor.describe(cause, parts.log()), cause));
    }
    return end(
        new IllegalStateException(failed.getRef().path().name() + " failed: " + cause, cause));
  }

  private Behavior<Command> onInstall(Install install) {
    long index = install.snapshot().snapshot().getMetadata().getIndex();
    Optional<StateMachine> restored = rooms.states().take(index);
    if (restored.isEmpty()) {
      return end(
          new IllegalStateException(
              "Raft wants the snapshot of entry %d, which has not come".formatted(index)));
    }
    rooms.applier().tell(new Applier.Install(restored.get()));
    return this;
  }

  private Behavior<Command> onExpireRequests() {
    if (ClusterVersionRule.isBeyondUs(parts.state().get().cluster().clusterVersion())) {
      return end(
          new IllegalStateException(
              "invalid downgrade; server version is lower than determined cluster version"));
    }
    int expired = rooms.pending().expire(lateAnswers::of);
    expired += rooms.pendingChanges().expire(lateAnswers::of);
    parts.metrics().server().proposalsFailed.inc(expired);
    return this;
  }

  private Executor blocking() {
    return getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking());
  }

  private Behavior<Command> end(Throwable cause) {
    life.fatal().accept(cause);
    return Behaviors.stopped();
  }
}
