package io.sampo.persistence.log;

import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Starts a log as its parent sees it: it recovers, or its death-watch says why not. */
final class LogStart {
  private LogStart() {}

  /** The recovered state, or the exception that the check or the actor failed with. */
  static Object outcome(JournalSettings journal) {
    try {
      LevelDbJournal.check(journal);
    } catch (JournalDamagedException | JournalUnusableException e) {
      return e;
    }
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    ActorTestKit kit =
        ActorTestKit.create(
            "start",
            LevelDbJournal.config(journal).withFallback(com.typesafe.config.ConfigFactory.load()));
    try {
      kit.spawn(parent(outcome));
      return outcome.orTimeout(35, java.util.concurrent.TimeUnit.SECONDS).join();
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static Behavior<LogReply> parent(CompletableFuture<Object> outcome) {
    return Behaviors.setup(
        context -> {
          ActorRef<LogCommand> log =
              context.spawn(
                  LogActor.create(
                      "raft-log",
                      context.getSelf(),
                      LogHarness.settings().withHistoryExpected(true)),
                  "log");
          context.watch(log);
          return Behaviors.receive(LogReply.class)
              .onMessage(
                  LogReply.Recovered.class,
                  recovered -> {
                    outcome.complete(recovered.state());
                    return Behaviors.same();
                  })
              .onSignal(
                  ChildFailed.class,
                  failed -> {
                    outcome.complete(failed.cause());
                    return Behaviors.same();
                  })
              .build();
        });
  }
}
