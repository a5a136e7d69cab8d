package io.sampo.gateway.transcode;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.stream.Materializer;
import scala.concurrent.duration.FiniteDuration;

/** How long a call may take, by {@code Grpc-Timeout}. */
final class TimeLimit {
  private TimeLimit() {}

  /** Does the action unless {@code done} completes within the limit; at once if that is below 0. */
  static void after(
      Duration limit, CompletableFuture<?> done, Runnable action, Materializer materializer) {
    if (limit.isNegative()) {
      action.run();
    } else {
      Cancellable timer =
          materializer.scheduleOnce(
              FiniteDuration.create(limit.toNanos(), TimeUnit.NANOSECONDS), action);
      done.whenComplete((result, failure) -> timer.cancel());
    }
  }
}
