package io.sampo.gateway.transcode;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.stream.Materializer;
import scala.concurrent.duration.FiniteDuration;

/** How long a call may take, by {@code Grpc-Timeout}. */
final class TimeLimit {
  /** What no timer can wait for, and nobody will. */
  private static final Duration FOREVER = Duration.ofDays(200);

  private TimeLimit() {}

  static boolean isForever(Duration limit) {
    return limit.compareTo(FOREVER) > 0;
  }

  /** Does the action unless {@code done} completes within the limit; at once if that is below 0. */
  static void after(
      Duration limit, CompletableFuture<?> done, Runnable action, Materializer materializer) {
    if (limit.isNegative()) {
      action.run();
    } else if (!isForever(limit)) {
      Cancellable timer =
          materializer.scheduleOnce(
              FiniteDuration.create(limit.toNanos(), TimeUnit.NANOSECONDS), action);
      done.whenComplete((result, failure) -> timer.cancel());
    }
  }
}
