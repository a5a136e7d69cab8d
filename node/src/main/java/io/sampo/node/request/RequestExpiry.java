package io.sampo.node.request;

import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Fails the requests that got no answer within the request timeout, with the likeliest reason. */
public final class RequestExpiry {
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private RequestExpiry() {}

  /** What the behaviour tells itself. */
  public enum Command {
    /** Time to look for requests that are late. */
    LOOK
  }

  /**
   * @param failed counts proposals that failed
   */
  public static Behavior<Command> create(
      List<PendingRequests<?>> pending, LateAnswers reasons, Counter failed) {
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerWithFixedDelay(Command.LOOK, INTERVAL);
          return Behaviors.receive(Command.class)
              .onMessageEquals(
                  Command.LOOK,
                  () -> {
                    for (PendingRequests<?> requests : pending) {
                      failed.inc(requests.expire(reasons::of));
                    }
                    return Behaviors.same();
                  })
              .build();
        });
  }
}
