package io.sampo.node.compaction;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import java.util.OptionalLong;
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

  private record Compacted(long revision) implements Command {}

  private record Failed(long revision, EtcdException why) implements Command {}

  /** How a compaction is proposed. */
  public interface Compaction {
    /** Fails with COMPACTED if that revision is gone already. */
    void propose(long revision, ReplyTo<CompactionResponse> replyTo);
  }

  private final TimerScheduler<Command> timers;
  private final Supplier<RetentionRule> rules;
  private final Compaction compaction;
  private final LongSupplier revision;
  private final LongSupplier nanoTime;
  private final ActorRef<Command> self;
  private RetentionRule rule;

  /**
   * @param rules makes a rule that knows nothing yet, for each time this member becomes leader
   * @param revision the store's current revision
   */
  public static Behavior<Command> create(
      Supplier<RetentionRule> rules,
      Compaction compaction,
      LongSupplier revision,
      LongSupplier nanoTime) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new AutoCompactor(context, timers, rules, compaction, revision, nanoTime)));
  }

  private AutoCompactor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Supplier<RetentionRule> rules,
      Compaction compaction,
      LongSupplier revision,
      LongSupplier nanoTime) {
    super(context);
    this.self = context.getSelf();
    this.timers = timers;
    this.rules = rules;
    this.compaction = compaction;
    this.revision = revision;
    this.nanoTime = nanoTime;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Leadership.class, this::onLeadership)
        .onMessageEquals(Look.INSTANCE, this::onLook)
        .onMessage(Compacted.class, this::onCompacted)
        .onMessage(Failed.class, this::onFailed)
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
      compaction.propose(
          target,
          ReplyTo.actor(self, compacted -> new Compacted(target), why -> new Failed(target, why)));
    }
    return this;
  }

  private Behavior<Command> onCompacted(Compacted compacted) {
    if (rule != null) {
      rule.compacted(nanoTime.getAsLong(), compacted.revision());
      LOG.atInfo().addKeyValue("revision", compacted.revision()).log("finished auto compaction");
    }
    return this;
  }

  private Behavior<Command> onFailed(Failed failed) {
    if (EtcdError.COMPACTED.is(failed.why())) {
      return onCompacted(new Compacted(failed.revision()));
    }
    LOG.atWarn()
        .addKeyValue("revision", failed.revision())
        .addKeyValue("error", failed.why().getMessage())
        .log("failed auto compaction");
    return this;
  }
}
