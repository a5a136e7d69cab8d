package io.sampo.node.peer;

import io.sampo.node.peer.stream.IncomingStream;
import io.sampo.node.peer.stream.StreamListener;
import io.sampo.node.peer.wire.FrameDecoder;
import io.sampo.node.peer.wire.StreamKind;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.state.membership.MemberIds;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Keeps one stream from a peer to us: dials, reads until it ends, waits a little, dials the next
 * URL, for ever. A message of an attempt that is over has no effect.
 */
final class StreamDialer extends AbstractBehavior<StreamDialer.Command> {
  sealed interface Command {}

  /** The peer was just heard of: dial at once if we only wait. */
  enum Hurry implements Command {
    INSTANCE
  }

  private record Dial(long attempt) implements Command {}

  private record Answered(long attempt, HttpResponse response) implements Command {}

  private record Refused(long attempt, PeerAnswer answer) implements Command {}

  private record Ended(long attempt, String action, String reason, boolean refused)
      implements Command {
    Ended(long attempt, String action, String reason) {
      this(attempt, action, reason, false);
    }
  }

  private enum State {
    WAITING,
    DIALLING,
    READING
  }

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  /**
   * A stream that stood for so long was none of those that end as soon as they begin, so that it
   * may be dialled again at once.
   */
  private static final Duration STOOD = Duration.ofSeconds(1);

  /** Time for a process that ends to close what it listens on. */
  private static final Duration AT_ONCE = Duration.ofMillis(10);

  private final PeerLink link;
  private final StreamKind kind;
  private final TimerScheduler<Command> timers;
  private final Materializer materializer;
  private State state = State.WAITING;
  private long attempt;
  private Duration pause;
  private URI url;
  private UniqueKillSwitch connection;
  private long readingSinceNanos;

  /** How many of the peer's addresses still have to refuse us until it counts as gone. */
  private int refusalsMissing;

  /** How many dials need not wait. */
  private int hurriedDials;

  static Behavior<Command> create(PeerLink link, StreamKind kind) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new StreamDialer(context, timers, link, kind).dial()));
  }

  private StreamDialer(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      PeerLink link,
      StreamKind kind) {
    super(context);
    this.link = link;
    this.kind = kind;
    this.timers = timers;
    this.pause = link.settings().redialAfter();
    this.materializer = Materializer.createMaterializer(Adapter.toClassic(context));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Refused.class, this::onRefused)
        .onMessage(Ended.class, this::onEnded)
        .onMessage(Dial.class, this::onDial)
        .onMessageEquals(Hurry.INSTANCE, this::onHurry)
        .onSignal(PostStop.class, this::onStop)
        .build();
  }

  private Behavior<Command> dial() {
    state = State.DIALLING;
    long current = ++attempt;
    url = link.urls().pick();
    HttpRequest request =
        HttpRequest.GET("/raft/stream/" + kind.path() + "/" + link.localHex())
            .withHeaders(PeerHeaders.ofStream(link.identity(), link.peer()));
    Duration timeout = link.settings().stream().timeout();
    Pair<UniqueKillSwitch, java.util.concurrent.CompletionStage<Done>> running =
        Source.single(request)
            // A request stream that ends would end the connection.
            .concat(Source.maybe())
            .via(link.connections().open(url, timeout))
            .viaMat(KillSwitches.single(), Keep.right())
            .toMat(
                Sink.foreach(
                    response -> getContext().getSelf().tell(new Answered(current, response))),
                Keep.both())
            .run(materializer);
    connection = running.first();
    getContext()
        .pipeToSelf(
            running.second(),
            (done, failure) ->
                failure == null
                    ? new Ended(current, "dial", "EOF")
                    : new Ended(current, "dial", reason(failure), isRefusal(failure)));
    Duration patience = link.settings().dialTimeout().plus(timeout);
    timers.startSingleTimer(new Ended(current, "dial", "no answer"), patience);
    return this;
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** Whether nobody listens there. */
  private static boolean isRefusal(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ConnectException
        && String.valueOf(cause.getMessage()).contains("refused");
  }

  private Behavior<Command> onDial(Dial dial) {
    return state == State.WAITING && dial.attempt() == attempt ? dial() : this;
  }

  private Behavior<Command> onHurry() {
    return state == State.WAITING ? dial() : this;
  }

  private Behavior<Command> onAnswered(Answered answered) {
    HttpResponse response = answered.response();
    if (state != State.DIALLING || answered.attempt() != attempt) {
      response.discardEntityBytes(materializer);
    } else if (response.status().intValue() == OK) {
      read(response);
    } else {
      getContext()
          .pipeToSelf(
              PeerAnswer.read(response, materializer),
              (answer, failure) ->
                  failure == null
                      ? new Refused(answered.attempt(), answer)
                      : new Ended(answered.attempt(), "dial", reason(failure)));
    }
    return this;
  }

  private void read(HttpResponse response) {
    state = State.READING;
    timers.cancelAll();
    pause = link.settings().redialAfter();
    readingSinceNanos = link.nanoTime().getAsLong();
    refusalsMissing = 0;
    hurriedDials = 0;
    link.status().activate();
    log("established TCP streaming connection with remote peer");
    long current = attempt;
    FrameDecoder decoder =
        kind.decoder(
            link.identity().memberId(), link.peer(), link.settings().stream().frameBytes());
    var self = getContext().getSelf();
    StreamListener listener =
        new StreamListener() {
          @Override
          public void moved(long bytes) {
            link.metrics().received(bytes);
          }

          @Override
          public void ended(String reason, int lostMessages) {
            self.tell(new Ended(current, "read", reason));
          }
        };
    response
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .runWith(
            Sink.fromGraph(
                new IncomingStream(
                    decoder,
                    link.settings().stream(),
                    link.inbox().streamOf(link.peer(), link.metrics()),
                    listener)),
            materializer);
  }

  private Behavior<Command> onRefused(Refused refused) {
    if (state != State.DIALLING || refused.attempt() != attempt) {
      return this;
    }
    PeerAnswer answer = refused.answer();
    if (answer.status() == PeerAnswer.GONE) {
      link.removed().run();
    }
    String reason =
        switch (answer.status()) {
          case PeerAnswer.GONE -> "the member has been permanently removed from the cluster";
          case NOT_FOUND ->
              "peer %s failed to find local node %s".formatted(link.peerHex(), link.localHex());
          default -> answer.failure();
        };
    if (answer.status() == PeerAnswer.PRECONDITION_FAILED) {
      getContext()
          .getLog()
          .atWarn()
          .addKeyValue("local-member-id", link.localHex())
          .addKeyValue("remote-peer-id", link.peerHex())
          .addKeyValue("local-member-cluster-id", MemberIds.format(link.identity().clusterId()))
          .addKeyValue("error", reason)
          .log(
              reason.equals(PeerAnswer.OTHER_CLUSTER)
                  ? "request sent was ignored by remote peer due to cluster ID mismatch"
                  : "request sent was ignored by remote peer due to server version"
                      + " incompatibility");
    }
    return ended("dial", reason);
  }

  private Behavior<Command> onEnded(Ended ended) {
    boolean current =
        ended.attempt() == attempt
            && (state == State.DIALLING
                || (state == State.READING && ended.action().equals("read")));
    if (current && ended.refused() && refusalsMissing > 0 && --refusalsMissing == 0) {
      link.inbox().tell(new RaftCommand.PeerGone(link.peer()));
    }
    return current ? ended(ended.action(), ended.reason()) : this;
  }

  private Behavior<Command> ended(String action, String reason) {
    if (state == State.READING) {
      log("lost TCP streaming connection with remote peer");
      if (link.nanoTime().getAsLong() - readingSinceNanos >= STOOD.toNanos()) {
        refusalsMissing = link.urls().size();
        hurriedDials = refusalsMissing;
      }
    } else {
      link.urls().failed(url);
    }
    if (!reason.isEmpty()) {
      link.status().deactivate(action, kind.title(), reason);
    }
    state = State.WAITING;
    timers.cancelAll();
    connection.shutdown();
    if (hurriedDials > 0) {
      hurriedDials--;
      timers.startSingleTimer(new Dial(attempt), AT_ONCE);
      return this;
    }
    timers.startSingleTimer(new Dial(attempt), pause);
    Duration longer = pause.multipliedBy(2);
    Duration longest = link.settings().redialAtMost();
    pause = longer.compareTo(longest) < 0 ? longer : longest;
    return this;
  }

  private Behavior<Command> onStop(PostStop stop) {
    if (connection != null) {
      connection.shutdown();
    }
    return this;
  }

  private void log(String message) {
    getContext()
        .getLog()
        .atInfo()
        .addKeyValue("stream-reader-type", kind.title())
        .addKeyValue("local-member-id", link.localHex())
        .addKeyValue("remote-peer-id", link.peerHex())
        .log(message);
  }
}
