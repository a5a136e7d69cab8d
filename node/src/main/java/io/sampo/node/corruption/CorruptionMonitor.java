package io.sampo.node.corruption;

import io.sampo.node.state.mvcc.KeyHash;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While this member leads, it compares its keys with those of the others every so often, and raises
 * the CORRUPT alarm of whoever differs. A comparison begins only when the one before is over.
 */
public final class CorruptionMonitor extends AbstractBehavior<CorruptionMonitor.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(CorruptionMonitor.class);

  public sealed interface Command {}

  private enum Look implements Command {
    AT_CURRENT_KEYS,
    AT_COMPACTIONS
  }

  private record Ended(Look look, Throwable failure) implements Command {}

  /**
   * How often.
   *
   * @param currentKeys between two comparisons of all keys; zero for never
   * @param compactions between two comparisons of compactions' hashes; zero for never
   * @param request how long a peer may take, for the log
   */
  public record Settings(Duration currentKeys, Duration compactions, Duration request) {
    /** Whether there is anything to do. */
    public boolean isOn() {
      return !currentKeys.isZero() || !compactions.isZero();
    }
  }

  /**
   * What it compares.
   *
   * @param leads whether this member leads
   * @param currentHash hashes all own keys; called on a thread that may be busy for long
   * @param compactionHashes what is kept of the last compactions
   * @param revision the newest one here
   * @param barrier completes when all is applied that was committed before
   * @param alarm proposes the alarm of a member
   */
  public record Environment(
      long self,
      BooleanSupplier leads,
      Supplier<KeyHash> currentHash,
      Supplier<List<KeyHash>> compactionHashes,
      LongSupplier revision,
      PeerHashes peers,
      Supplier<CompletableFuture<Void>> barrier,
      LongConsumer alarm,
      Executor longWork) {}

  private final TimerScheduler<Command> timers;
  private final Settings settings;
  private final Environment environment;
  private final CompactionRule compactions;

  public static Behavior<Command> create(Settings settings, Environment environment) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new CorruptionMonitor(context, timers, settings, environment)));
  }

  private CorruptionMonitor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Settings settings,
      Environment environment) {
    super(context);
    this.timers = timers;
    this.settings = settings;
    this.environment = environment;
    this.compactions = new CompactionRule(environment.self());
    if (!settings.currentKeys().isZero()) {
      LOG.atInfo()
          .addKeyValue("local-member-id", Long.toHexString(environment.self()))
          .addKeyValue("interval", settings.currentKeys())
          .log("enabled corruption checking");
    }
    for (Look look : Look.values()) {
      wait(look);
    }
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Look.class, this::onLook)
        .onMessage(Ended.class, this::onEnded)
        .build();
  }

  private void wait(Look look) {
    Duration interval =
        look == Look.AT_CURRENT_KEYS ? settings.currentKeys() : settings.compactions();
    if (!interval.isZero()) {
      timers.startSingleTimer(look, look, interval);
    }
  }

  private Behavior<Command> onLook(Look look) {
    if (environment.leads().getAsBoolean()) {
      getContext()
          .pipeToSelf(
              look == Look.AT_CURRENT_KEYS ? compareCurrentKeys() : compareCompactions(),
              (done, failure) -> new Ended(look, failure));
    } else {
      wait(look);
    }
    return this;
  }

  private Behavior<Command> onEnded(Ended ended) {
    if (ended.failure() != null) {
      LOG.atWarn()
          .addKeyValue("error", String.valueOf(ended.failure().getMessage()))
          .log("failed to check hash KV");
    }
    wait(ended.look());
    return this;
  }

  private CompletableFuture<Void> compareCurrentKeys() {
    Executor longWork = environment.longWork();
    return CompletableFuture.supplyAsync(environment.currentHash(), longWork)
        .thenCompose(
            before ->
                environment
                    .peers()
                    .apply(before.revision())
                    .thenCompose(
                        answers ->
                            environment
                                .barrier()
                                .get()
                                .thenAcceptAsync(
                                    done -> judgeCurrentKeys(before, answers), longWork)));
  }

  private void judgeCurrentKeys(KeyHash before, List<PeerHashes.Answer> answers) {
    KeyHash after = environment.currentHash().get();
    CurrentKeysRule.corrupt(
            environment.self(), before, after, environment.revision().getAsLong(), answers)
        .ifPresent(environment.alarm());
  }

  private CompletableFuture<Void> compareCompactions() {
    LOG.atInfo()
        .addKeyValue("local-member-id", Long.toHexString(environment.self()))
        .addKeyValue("timeout", settings.request())
        .log("starting compact hash check");
    return compare(compactions.unchecked(environment.compactionHashes().get()), 0);
  }

  /** One after another, until one could be compared with everybody's. */
  private CompletableFuture<Void> compare(List<KeyHash> hashes, int number) {
    if (number == hashes.size()) {
      finished(number);
      return CompletableFuture.completedFuture(null);
    }
    KeyHash own = hashes.get(number);
    return environment
        .peers()
        .apply(own.revision())
        .thenCompose(
            answers -> {
              if (answers.isEmpty()) {
                return compare(hashes, number + 1);
              }
              return compactions
                  .judge(own, answers)
                  .map(
                      corrupt -> {
                        corrupt.forEach(environment.alarm()::accept);
                        finished(number + 1);
                        return CompletableFuture.<Void>completedFuture(null);
                      })
                  .orElseGet(() -> compare(hashes, number + 1));
            });
  }

  private static void finished(int checked) {
    LOG.atInfo()
        .addKeyValue("number-of-hashes-checked", checked)
        .log("finished compaction hash check");
  }
}
