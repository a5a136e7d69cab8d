package io.sampo.node.watch;

import io.grpc.Status;
import io.sampo.node.failpoint.Failpoint;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.japi.function.Function;

/**
 * One client Watch stream. Its watchers are plain objects in it; it asks the hub for news only when
 * everything it had is with the client, so what happens meanwhile comes as one: a slow client costs
 * a mark in the hub, not a buffer, and gets fewer and larger responses.
 */
public final class WatchSession extends AbstractBehavior<WatchSession.Command> {
  /** While more than this many responses wait for the client, its requests wait too. */
  private static final int MAX_QUEUED = 1024;

  /** What a session is told. */
  public sealed interface Command {}

  /** Requests of the client, in order; answered with {@link WatchOutput.RequestsTaken}. */
  public record Requests(List<WatchRequest> requests) implements Command {}

  /** The client can take one more chunk, which {@link WatchDemand} has missed. */
  record Pull() implements Command {}

  /** The stream is over. */
  record Stop() implements Command {}

  /**
   * The hub's answer.
   *
   * @param head the revision up to which nothing is missing in the matches
   * @param progress whether progress was asked for and can be reported at {@code head}
   */
  record Woken(List<Match> matches, long head, boolean progress)
      implements Command, SessionOutput.Outgoing {}

  /** The history was cut. */
  record Compacted() implements Command {}

  /** Those behind may read the next slice. */
  private record ReadOn() implements Command {}

  private record ProgressTick() implements Command {}

  private static final ReadOn READ_ON = new ReadOn();

  private final WatchSource source;
  private final WatchDemand demand;
  private final Consumer<WatchOutput> stream;
  private final HubSlot slot;
  private final SessionWatchers watchers;
  private final SessionOutput output;
  private boolean awaiting;
  private boolean readingOn;
  private boolean requestsOwed;
  private Cancellable progressTimer;
  private Duration progressInterval;
  private EtcdException why = EtcdError.STOPPED.exception();

  private WatchSession(
      ActorContext<Command> context,
      WatchSource source,
      WatchAuthorizer authorizer,
      WatchDemand demand,
      Consumer<WatchOutput> stream) {
    super(context);
    this.source = source;
    this.demand = demand;
    this.stream = stream;
    this.slot = new HubSlot(context.getSelf());
    this.watchers = new SessionWatchers(slot, authorizer, source.metrics(), source.settings());
    this.output = new SessionOutput(source, watchers);
    source.metrics().streams(1);
  }

  static Behavior<Command> create(
      WatchSource source,
      WatchAuthorizer authorizer,
      WatchDemand demand,
      Consumer<WatchOutput> stream) {
    return Behaviors.setup(
        context -> new WatchSession(context, source, authorizer, demand, stream));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Woken.class, orFail(this::onWoken))
        .onMessage(Pull.class, orFail(this::onPull))
        .onMessage(Requests.class, orFail(this::onRequests))
        .onMessage(ReadOn.class, orFail(this::onReadOn))
        .onMessage(Compacted.class, orFail(this::onCompacted))
        .onMessage(ProgressTick.class, orFail(this::onProgressTick))
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .onSignal(PostStop.class, this::onPostStop)
        .build();
  }

  /** A session that fails stops, as Pekko has it; its client is told why. */
  private <M> Function<M, Behavior<Command>> orFail(Function<M, Behavior<Command>> handler) {
    return message -> {
      try {
        return handler.apply(message);
      } catch (RuntimeException | Error failure) {
        why = new EtcdException(Status.Code.INTERNAL, "sampo: the watch stream has failed");
        throw failure;
      }
    };
  }

  private Behavior<Command> onRequests(Requests received) {
    MvccView view = source.view().get();
    for (WatchRequest request : received.requests()) {
      switch (request.getRequestUnionCase()) {
        case CREATE_REQUEST -> output.add(watchers.create(request.getCreateRequest(), view));
        case CANCEL_REQUEST -> {
          long id = request.getCancelRequest().getWatchId();
          if (watchers.cancel(id)) {
            output.add(ControlResponse.canceled(id, view.revision()));
          }
        }
        case PROGRESS_REQUEST -> output.addProgressRequest();
        default ->
            getContext().getLog().info("invalid watch request without a type in gRPC stream");
      }
    }
    tellHub(view);
    if (watchers.wantsReports() && progressTimer == null) {
      startProgressTimer();
    }
    requestsOwed = true;
    return proceed();
  }

  private void tellHub(MvccView view) {
    EventHub.Change change = watchers.takeChange(view.revision() + 1);
    if (change != null) {
      source.hub().tell(change);
    }
  }

  private Behavior<Command> onPull(Pull pull) {
    return proceed();
  }

  private Behavior<Command> onWoken(Woken news) {
    awaiting = false;
    output.add(news);
    return proceed();
  }

  private Behavior<Command> onReadOn(ReadOn readOn) {
    readingOn = false;
    if (mayReadOn()) {
      MvccView view = source.view().get();
      watchers.readOn(view, output::add);
      tellHub(view);
    }
    return proceed();
  }

  /** Sends what can be sent, then asks for what comes next. */
  private Behavior<Command> proceed() {
    while (!output.isEmpty() && demand.isThere()) {
      endForbidden();
      Frames frames = output.take();
      if (frames.size() > 0) {
        Failpoint.BEFORE_SEND_WATCH_RESPONSE.reached();
        demand.take();
        stream.accept(new WatchOutput.Chunk(frames.toByteString(), settleRequests()));
      }
    }
    if (output.wantsProgress()) {
      askForProgress();
    }
    if (output.isEmpty()) {
      if (!readingOn && mayReadOn()) {
        readingOn = true;
        getContext().getSelf().tell(READ_ON);
      }
      if (!awaiting && !watchers.isEmpty()) {
        awaiting = true;
        source.hub().tell(new EventHub.Await(slot, HubSlot.NO_PROGRESS));
      }
    }
    if (settleRequests()) {
      stream.accept(new WatchOutput.RequestsTaken());
    }
    return this;
  }

  /** Whether the stream has to be told, now, that more requests may come. */
  private boolean settleRequests() {
    boolean now = requestsOwed && output.size() <= MAX_QUEUED;
    requestsOwed &= !now;
    return now;
  }

  private boolean mayReadOn() {
    return output.isEmpty() && watchers.isLagging() && demand.isThere();
  }

  /** What was applied before users or roles changed is not sent either, if it is still here. */
  private void endForbidden() {
    MvccView view = source.view().get();
    watchers.endForbidden(view.revision(), output::add);
    tellHub(view);
  }

  /**
   * Asks the hub to say how far it has come: behind the events of its answer, that revision may be
   * reported.
   */
  private void askForProgress() {
    output.askingForProgress();
    awaiting = true;
    source.hub().tell(new EventHub.Await(slot, source.view().get().revision()));
  }

  private void startProgressTimer() {
    if (progressInterval == null) {
      Duration interval = source.settings().progressInterval();
      long jitterNanos = source.random().nextLong(interval.toNanos() / 10);
      progressInterval = interval.plusNanos(jitterNanos);
    }
    progressTimer =
        getContext().scheduleOnce(progressInterval, getContext().getSelf(), new ProgressTick());
  }

  private Behavior<Command> onProgressTick(ProgressTick tick) {
    progressTimer = null;
    if (watchers.wantsReports()) {
      startProgressTimer();
      output.progressTick();
    }
    return proceed();
  }

  /**
   * A client that has heard of nothing for long would ask from a revision that is compacted by now,
   * if its connection broke.
   */
  private Behavior<Command> onCompacted(Compacted compacted) {
    if (watchers.wantsReports()) {
      output.reportToAll();
    }
    return proceed();
  }

  private Behavior<Command> onPostStop(PostStop signal) {
    if (progressTimer != null) {
      progressTimer.cancel();
    }
    output.close();
    source.hub().tell(watchers.close());
    source.metrics().streams(-1);
    stream.accept(new WatchOutput.Ended(why));
    return this;
  }
}
