package io.sampo.node.lock;

import com.google.protobuf.ByteString;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.mvccpb.Event;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import scala.util.Try;

/**
 * Waits until nobody in a line is ahead of a place. It watches only the next one ahead, so that a
 * key that goes wakes one waiter and not all; when that one goes it looks again, since it may have
 * left the line from its middle.
 */
public final class DeleteWait extends AbstractBehavior<DeleteWait.Command> {

  /** What a waiter is told. */
  public sealed interface Command {}

  /** The caller has left. */
  record Leave() implements Command {}

  private record Found(RangeResponse ahead) implements Command {}

  /** The watcher of this round has seen the deletion, or was ended by the server. */
  private record Watched(long round, WatchResponse last) implements Command {}

  /** The stream of this round is over without such a word. */
  private record WatchLost(long round, Throwable failure) implements Command {}

  private record Failed(EtcdException failure) implements Command {}

  /**
   * A place in a line.
   *
   * @param aheadUntil keys created at this revision or before are ahead
   */
  record Place(ByteString prefix, long aheadUntil, Metadata metadata) {}

  private final EtcdServices services;
  private final Materializer materializer;
  private final Place place;
  private final ReplyTo<Done> replyTo;
  private UniqueKillSwitch watching;
  private boolean answered;
  private long round;

  private DeleteWait(
      ActorContext<Command> context,
      EtcdServices services,
      Materializer materializer,
      Place place,
      ReplyTo<Done> replyTo) {
    super(context);
    this.services = services;
    this.materializer = materializer;
    this.place = place;
    this.replyTo = replyTo;
    look();
  }

  /**
   * @param replyTo told when the turn has come; failed if it cannot be waited for any longer
   */
  static Behavior<Command> create(
      EtcdServices services, Materializer materializer, Place place, ReplyTo<Done> replyTo) {
    return Behaviors.setup(
        context -> new DeleteWait(context, services, materializer, place, replyTo));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Found.class, this::onFound)
        .onMessage(Watched.class, this::onWatched)
        .onMessage(WatchLost.class, this::onWatchLost)
        .onMessage(Failed.class, failed -> fail(failed.failure()))
        .onMessage(Leave.class, leave -> fail(Failures.CANCELED))
        .onSignal(PostStop.class, this::onPostStop)
        .build();
  }

  private void look() {
    getContext()
        .pipeToSelf(
            services
                .kv()
                .range(Requests.lastCreated(place.prefix(), place.aheadUntil()), place.metadata()),
            (ahead, failure) ->
                failure == null ? new Found(ahead) : new Failed(Failures.expected(failure)));
  }

  private Behavior<Command> onFound(Found found) {
    if (found.ahead().getKvsCount() == 0) {
      answered = true;
      replyTo.tell(Done.getInstance());
      return Behaviors.stopped();
    }
    watch(found.ahead().getKvs(0).getKey(), found.ahead().getHeader().getRevision());
    return this;
  }

  private void watch(ByteString key, long fromRevision) {
    long current = ++round;
    ActorRef<Command> self = getContext().getSelf();
    // The stream itself says when it is over: a stage's future would say it on a thread of Java's.
    watching =
        services
            .watch()
            .watch(Source.single(Requests.watchKey(key, fromRevision)), place.metadata())
            .viaMat(KillSwitches.single(), Keep.right())
            .filter(response -> response.getCanceled() || hasDeletion(response))
            .map(
                last -> {
                  self.tell(new Watched(current, last));
                  return last;
                })
            .to(Sink.onComplete(over -> self.tell(new WatchLost(current, failureOf(over)))))
            .run(materializer);
  }

  private static Throwable failureOf(Try<Done> over) {
    return over.isFailure() ? over.failed().get() : null;
  }

  private static boolean hasDeletion(WatchResponse response) {
    return response.getEventsList().stream()
        .anyMatch(event -> event.getType() == Event.EventType.DELETE);
  }

  private Behavior<Command> onWatched(Watched watched) {
    if (watched.round() != round) {
      return this;
    }
    if (!hasDeletion(watched.last())) {
      return fail(Failures.ofCanceled(watched.last()));
    }
    stopWatching();
    look();
    return this;
  }

  private Behavior<Command> onWatchLost(WatchLost lost) {
    if (lost.round() != round) {
      return this;
    }
    return fail(lost.failure() == null ? Failures.LOST_WATCHER : Failures.expected(lost.failure()));
  }

  private void stopWatching() {
    round++;
    if (watching != null) {
      watching.shutdown();
      watching = null;
    }
  }

  private Behavior<Command> fail(EtcdException failure) {
    answered = true;
    replyTo.fail(failure);
    return Behaviors.stopped();
  }

  private Behavior<Command> onPostStop(PostStop stop) {
    stopWatching();
    if (!answered) {
      // The node ends while somebody waits.
      replyTo.fail(Failures.CANCELED);
    }
    return this;
  }
}
