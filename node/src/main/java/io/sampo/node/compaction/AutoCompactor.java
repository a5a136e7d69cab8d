package io.sampo.node.compaction;

import io.sampo.node.raft.LeadershipChange;
import io.sampo.protocol.error.EtcdError;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compacts on behalf of the operator, only while this member leads. */
public final class AutoCompactor extends AbstractBehavior<AutoCompactor.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(AutoCompactor.class);

  public sealed interface Command {}

  /** This member became leader or ceased to be. */
  public record Leadership(LeadershipChange change) implements Command {}

  private enum Look implements Command {
    INSTANCE
  }

  private record Done(long revision, Throwable failure) implements Command {}

  private final TimerScheduler<Command> timers;
  private final Supplier<RetentionRule> rules;
  private final LongFunction<CompletableFuture<Void>> compact;
  private final LongSupplier revision;
  private final LongSupplier nanoTime;
  private final ActorRef<Command> self;
  private RetentionRule rule;

  /**
   * @param rules makes a rule that knows nothing yet, for each time this member becomes leader
   * @param compact proposes a compaction; fails with COMPACTED if that revision is gone already
   * @param revision the store's current revision
   */
  public static Behavior<Command> create(
      Supplier<RetentionRule> rules,
      LongFunction<CompletableFuture<Void>> compact,
      LongSupplier revision,
      LongSupplier nanoTime) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new AutoCompactor(context, timers, rules, compact, revision, nanoTime)));
  }

  private AutoCompactor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Supplier<RetentionRule> rules,
      LongFunction<CompletableFuture<Void>> compact,
      LongSupplier revision,
      LongSupplier nanoTime) {
    super(context);
    this.self = context.getSelf();
    this.timers = timers;
    this.rules = rules;
    this.compact = compact;
    this.revision = revision;
    this.nanoTime = nanoTime;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Leadership.class, this::onLeadership)
        .onMessageEquals(Look.INSTANCE, this::onLook)
        .onMessage(Done.class, this::onDone)
        .build();
  }

  private Behavior<Command> onLeadership(Leadership leadership) {
    timers.cancelAll();
    rule = null;
    if (leadership.change().leader()) {
      rule = rules.get();
      timers.startTimerWithFixedDelay(Look.INSTANCE, rule.interval());
    }
    return this;
  }

  private Behavior<Command> onLook() {
    if (rule == null) {
      return this;
    }
    OptionalLong due = rule.due(nanoTime.getAsLong(), revision.getAsLong());
    if (due.isPresent()) {
      long target = due.getAsLong();
      LOG.atInfo().addKeyValue("revision", target).log("starting auto compaction");
      compact.apply(target).whenComplete((ok, failure) -> self.tell(new Done(target, failure)));
    }
    return this;
  }

  private Behavior<Command> onDone(Done done) {
    boolean compacted = done.failure() == null || EtcdError.COMPACTED.is(done.failure());
    if (!compacted) {
      LOG.atWarn()
          .addKeyValue("revision", done.revision())
          .addKeyValue("error", done.failure().getMessage())
          .log("failed auto compaction");
    } else if (rule != null) {
      rule.compacted(nanoTime.getAsLong(), done.revision());
      LOG.atInfo().addKeyValue("revision", done.revision()).log("finished auto compaction");
    }
    return this;
  }
}
