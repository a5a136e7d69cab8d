package io.sampo.node.raft;

import io.sampo.node.raft.core.LogPosition;
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogReply;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One member's Raft. It spawns the log, waits until that is recovered and becomes Follower or
 * Learner; from then on each role is a behaviour of its own. If the log ends, this actor fails, and
 * whoever watches it must end the member: nothing is promised by a member that cannot write.
 */
public final class RaftActor {
  private final RaftSettings settings;
  private final RaftEnvironment environment;
  private final ActorContext<RaftCommand> actor;
  private final TimerScheduler<RaftCommand> timers;
  private final StashBuffer<RaftCommand> stash;
  private final ActorRef<LogCommand> log;

  private RaftActor(
      RaftSettings settings,
      RaftEnvironment environment,
      ActorContext<RaftCommand> actor,
      TimerScheduler<RaftCommand> timers,
      StashBuffer<RaftCommand> stash) {
    this.settings = settings;
    this.environment = environment;
    this.actor = actor;
    this.timers = timers;
    this.stash = stash;
    ActorRef<LogReply> owner = actor.messageAdapter(LogReply.class, RaftCommand.LogReplied::new);
    this.log = actor.spawn(environment.log().apply(owner), "log");
    actor.watch(log);
  }

  /** Why there is no Raft any more: its log has failed. */
  public static final class LogFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private LogFailedException(Throwable cause) {
      super(cause);
    }
  }

  /** A log that ends takes this actor with it, and its reason goes up. */
  static <B> B onLogFailed(ChildFailed failed) {
    throw new LogFailedException(failed.getCause());
  }

  /** Recovers as soon as it is spawned. Must not be restarted by a supervisor. */
  public static Behavior<RaftCommand> create(RaftSettings settings, RaftEnvironment environment) {
    return Behaviors.setup(
        actor ->
            Behaviors.withTimers(
                timers ->
                    Behaviors.withStash(
                        settings.limits().maxStashed(),
                        stash ->
                            new RaftActor(settings, environment, actor, timers, stash)
                                .recovering())));
  }

  private Behavior<RaftCommand> recovering() {
    return Behaviors.receive(RaftCommand.class)
        .onMessage(RaftCommand.LogReplied.class, this::onRecovered)
        .onMessage(RaftCommand.Fence.class, this::onEarlyFence)
        .onAnyMessage(this::onEarly)
        .onSignal(ChildFailed.class, RaftActor::onLogFailed)
        .build();
  }

  /** Answered when what came before it has been handled, or at once if that was dropped. */
  private Behavior<RaftCommand> onEarlyFence(RaftCommand.Fence fence) {
    if (stash.isFull()) {
      fence.replyTo().tell(null);
    } else {
      stash.stash(fence);
    }
    return Behaviors.same();
  }

  private Behavior<RaftCommand> onEarly(RaftCommand command) {
    if (stash.isFull()) {
      environment.metrics().messagesDropped.increment();
    } else {
      stash.stash(command);
    }
    return Behaviors.same();
  }

  private Behavior<RaftCommand> onRecovered(RaftCommand.LogReplied replied) {
    LogReply.Recovered recovered = (LogReply.Recovered) replied.reply();
    Recovery recovery = Recovery.of(settings, recovered.state());
    RaftContext context = new RaftContext(settings, environment, actor, timers, log, recovery);
    if (recovery.isBootstrap()) {
      context.writes.bootstrap(recovery.hardState());
    }
    if (recovery.raisesTerm()) {
      context.writes.hardStateChanged(recovery.hardState());
    }
    if (recovery.replacesLog()) {
      LogPosition position = recovery.tail().prefix();
      context.writes.install(position, settings.restored().membership(), null);
    }
    context.writes.start();
    context.feed.feed(context.writes.durableIndex());
    actor
        .getLog()
        .info(
            "recovered: term {}, last entry {}, committed {}, applied {}, membership {}",
            recovery.hardState().term(),
            recovery.tail().lastIndex(),
            recovery.commit(),
            recovery.applied(),
            recovery.membership());
    Follower follower = Follower.of(context, 0);
    if (context.isOnlyVoter()) {
      actor.getSelf().tell(RaftCommand.Signal.CAMPAIGN);
    }
    return stash.unstashAll(follower);
  }
}
