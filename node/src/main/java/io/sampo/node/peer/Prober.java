package io.sampo.node.peer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.Materializer;

/**
 * Measures how fast a peer answers, and how far its clock is off; tells people, decides nothing.
 */
final class Prober extends AbstractBehavior<Prober.Command> {
  private static final int OK = 200;

  /** The weight of a new round trip in the smoothed one (RFC 6298's alpha). */
  private static final double WEIGHT = 0.125;

  /** The histogram gets the smoothed value once in so many probes, about every 30 seconds. */
  private static final int PROBES_PER_OBSERVATION = 8;

  private static final Duration HIGH_CLOCK_DRIFT = Duration.ofSeconds(1);

  sealed interface Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  private record Answered(URI url, long sentNanos, PeerAnswer answer) implements Command {}

  private record Failed(URI url, String reason) implements Command {}

  private final PeerLink link;
  private final Materializer materializer;
  private boolean underWay;
  private double smoothedNanos;
  private int probes;
  private boolean healthy = true;

  static Behavior<Command> create(PeerLink link) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.INSTANCE, link.settings().probeInterval());
                  return new Prober(context, link);
                }));
  }

  private Prober(ActorContext<Command> context, PeerLink link) {
    super(context);
    this.link = link;
    this.materializer = Materializer.createMaterializer(Adapter.toClassic(context));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Tick.INSTANCE, this::onTick)
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Failed.class, failed -> fail(failed.url(), failed.reason()))
        .build();
  }

  private Behavior<Command> onTick() {
    if (underWay) {
      return this;
    }
    underWay = true;
    URI url = link.urls().pick();
    long sent = link.nanoTime().getAsLong();
    getContext()
        .pipeToSelf(
            link.connections()
                .request(url, HttpRequest.GET("/raft/probing"))
                .thenCompose(response -> PeerAnswer.read(response, materializer)),
            (answer, failure) ->
                failure == null
                    ? new Answered(url, sent, answer)
                    : new Failed(url, String.valueOf(failure.getMessage())));
    return this;
  }

  private Behavior<Command> onAnswered(Answered answered) {
    if (answered.answer().status() != OK) {
      return fail(answered.url(), "got unexpected HTTP status code " + answered.answer().status());
    }
    try {
      JsonObject health = JsonParser.parseString(answered.answer().body()).getAsJsonObject();
      JsonElement ok = health.get("OK");
      if (ok == null || !ok.getAsBoolean()) {
        return fail(answered.url(), "the peer says that it is not well");
      }
      OffsetDateTime now = OffsetDateTime.parse(health.get("Now").getAsString());
      record(answered.sentNanos(), now.toInstant().toEpochMilli());
      return this;
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | UnsupportedOperationException
        | DateTimeException e) {
      return fail(answered.url(), "no probing answer: " + e.getMessage());
    }
  }

  private void record(long sentNanos, long peerMillis) {
    underWay = false;
    healthy = true;
    long nanos = link.nanoTime().getAsLong() - sentNanos;
    smoothedNanos = probes == 0 ? nanos : (1 - WEIGHT) * smoothedNanos + WEIGHT * nanos;
    if (probes++ % PROBES_PER_OBSERVATION != 0) {
      return;
    }
    link.metrics().roundTrip((long) smoothedNanos);
    Duration drift =
        Duration.ofMillis(link.currentMillis().getAsLong() - peerMillis)
            .minusNanos((long) smoothedNanos / 2);
    if (drift.compareTo(HIGH_CLOCK_DRIFT) > 0) {
      getContext()
          .getLog()
          .atWarn()
          .addKeyValue("remote-peer-id", link.peerHex())
          .addKeyValue("clock-drift", drift)
          .addKeyValue("rtt", Duration.ofNanos((long) smoothedNanos))
          .log("prober found high clock drift");
    }
  }

  private Behavior<Command> fail(URI url, String reason) {
    underWay = false;
    link.urls().failed(url);
    if (healthy) {
      healthy = false;
      getContext()
          .getLog()
          .atWarn()
          .addKeyValue("remote-peer-id", link.peerHex())
          .addKeyValue("rtt", Duration.ofNanos((long) smoothedNanos))
          .addKeyValue("error", reason)
          .log("prober detected unhealthy status");
    }
    return this;
  }
}
