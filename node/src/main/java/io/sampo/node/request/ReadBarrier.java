package io.sampo.node.request;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.ReadIndexReply;
import io.sampo.node.state.ApplyEvent;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The barrier of linearizable reads (Raft dissertation, section 6.4). All reads that arrive while
 * the leader is being asked wait together and share the next question, and so do those whose
 * requests are at this member by then; when the leader has confirmed, they are released as soon as
 * this member has applied up to the confirmed index.
 */
public final class ReadBarrier extends AbstractBehavior<ReadBarrier.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(ReadBarrier.class);

  public sealed interface Command {}

  /** Answered when a read that begins then is linearizable. */
  public record Await(ReplyTo<Void> replyTo) implements Command {}

  /** The Applier has published a view that contains everything up to this index. */
  public record AppliedUpTo(long index) implements Command {}

  private record Answered(ReadIndexReply reply) implements Command {}

  private enum Signal implements Command {
    TICK,
    /** The requests that had come when the last question was answered have been read. */
    ASK
  }

  /**
   * @param timeoutNanos how long a read may wait, etcd's request timeout
   * @param retryNanos after how long an unanswered question is asked again (etcd: 500 ms)
   */
  public record Settings(long timeoutNanos, long retryNanos) {}

  private record Reader(ReplyTo<Void> replyTo, long deadlineNanos) {}

  /**
   * Confirmed, but not applied so far.
   *
   * @param appliedIndex when the answer came
   */
  private record Released(
      long index, List<Reader> readers, long begunNanos, long answeredNanos, long appliedIndex) {}

  private final ActorRef<RaftCommand> raft;
  private final ActorRef<ReadIndexReply> replies;
  private final LongSupplier appliedIndex;
  private final LongSupplier nanoTime;
  private final Settings settings;
  private final Executor clients;
  private final RequestMetrics metrics;

  private List<Reader> arriving = new ArrayList<>();
  private List<Reader> asking = new ArrayList<>();
  private final ArrayDeque<Released> applying = new ArrayDeque<>();
  private long attempt;
  private long askedAtNanos;

  /** When those who ask now asked first. */
  private long begunNanos;

  /** Whether {@link Signal#ASK} is on its way. */
  private boolean gathering;

  /**
   * @param clients where requests of clients stand in line
   */
  public static Behavior<Command> create(
      ActorRef<RaftCommand> raft,
      LongSupplier appliedIndex,
      LongSupplier nanoTime,
      Settings settings,
      Executor clients,
      RequestMetrics metrics) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new ReadBarrier(
                        context,
                        timers,
                        raft,
                        appliedIndex,
                        nanoTime,
                        settings,
                        clients,
                        metrics)));
  }

  private ReadBarrier(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<RaftCommand> raft,
      LongSupplier appliedIndex,
      LongSupplier nanoTime,
      Settings settings,
      Executor clients,
      RequestMetrics metrics) {
    super(context);
    this.raft = raft;
    this.replies = context.messageAdapter(ReadIndexReply.class, Answered::new);
    this.appliedIndex = appliedIndex;
    this.nanoTime = nanoTime;
    this.settings = settings;
    this.clients = clients;
    this.metrics = metrics;
    timers.startTimerWithFixedDelay(Signal.TICK, Duration.ofNanos(settings.retryNanos() / 2));
  }

  /** Tells the barrier how far the state has come. */
  public static Consumer<ApplyEvent> subscription(ActorRef<Command> barrier) {
    return event -> {
      if (event instanceof ApplyEvent.Applied applied) {
        barrier.tell(new AppliedUpTo(applied.index()));
      } else if (event instanceof ApplyEvent.Replaced replaced) {
        barrier.tell(new AppliedUpTo(replaced.state().appliedIndex()));
      }
    };
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Await.class, this::onAwait)
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(AppliedUpTo.class, this::onAppliedUpTo)
        .onMessageEquals(Signal.ASK, this::onAsk)
        .onMessageEquals(Signal.TICK, this::onTick)
        .build();
  }

  private Behavior<Command> onAwait(Await await) {
    arriving.add(reader(await.replyTo()));
    if (asking.isEmpty() && !gathering) {
      ask();
    }
    return this;
  }

  /**
   * The next question waits for the requests that are here already. What belongs to the cluster
   * goes before them, so without this a question would be asked for a few of many.
   */
  private void gather() {
    if (!arriving.isEmpty() && !gathering) {
      gathering = true;
      ActorRef<Command> self = getContext().getSelf();
      try {
        clients.execute(() -> self.tell(Signal.ASK));
      } catch (RejectedExecutionException stopping) {
        onAsk();
      }
    }
  }

  private Behavior<Command> onAsk() {
    gathering = false;
    if (asking.isEmpty()) {
      ask();
    }
    return this;
  }

  private Reader reader(ReplyTo<Void> replyTo) {
    return new Reader(replyTo, nanoTime.getAsLong() + settings.timeoutNanos());
  }

  private void ask() {
    if (arriving.isEmpty()) {
      return;
    }
    asking = arriving;
    arriving = new ArrayList<>();
    askAgain();
    begunNanos = askedAtNanos;
  }

  /** Every attempt has an id of its own, so that a late answer to an older one releases nobody. */
  private void askAgain() {
    attempt++;
    askedAtNanos = nanoTime.getAsLong();
    raft.tell(new RaftCommand.ReadIndex(attempt, replies));
  }

  private Behavior<Command> onAnswered(Answered answered) {
    if (answered.reply() instanceof ReadIndexReply.ReadState state
        && state.requestId() == attempt
        && !asking.isEmpty()) {
      List<Reader> confirmed = asking;
      asking = new ArrayList<>();
      long applied = appliedIndex.getAsLong();
      Released released =
          new Released(state.index(), confirmed, begunNanos, nanoTime.getAsLong(), applied);
      if (applied >= state.index()) {
        release(released, released.answeredNanos());
      } else {
        applying.add(released);
      }
      gather();
    } else if (answered.reply() instanceof ReadIndexReply.ReadFailed failure
        && failure.requestId() == attempt) {
      metrics.readIndexFailed();
      List<Reader> refused = asking;
      asking = new ArrayList<>();
      fail(refused, EtcdError.LEADER_CHANGED.exception());
      gather();
    }
    return this;
  }

  private Behavior<Command> onAppliedUpTo(AppliedUpTo applied) {
    while (!applying.isEmpty() && applying.peekFirst().index() <= applied.index()) {
      release(applying.pollFirst(), nanoTime.getAsLong());
    }
    return this;
  }

  private Behavior<Command> onTick() {
    long now = nanoTime.getAsLong();
    if (expire(asking, now, EtcdError.TIMEOUT.exception())) {
      LOG.atWarn()
          .addKeyValue("timeout", Duration.ofNanos(settings.timeoutNanos()))
          .log("timed out waiting for read index response (local node might have slow network)");
    }
    expire(arriving, now, EtcdError.TIMEOUT.exception());
    for (Released released : applying) {
      expire(released.readers(), now, EtcdError.TIMEOUT_WAIT_APPLIED_INDEX.exception());
    }
    if (asking.isEmpty()) {
      ask();
    } else if (now - askedAtNanos >= settings.retryNanos()) {
      metrics.readIndexRetried();
      LOG.atWarn()
          .addKeyValue("sent-request-id", attempt)
          .addKeyValue("retry-timeout", Duration.ofNanos(settings.retryNanos()))
          .log("waiting for ReadIndex response took too long, retrying");
      askAgain();
    }
    return this;
  }

  /** As in etcd it is told, too, if the question took long; then with all steps. */
  private void release(Released released, long nanos) {
    for (Reader reader : released.readers()) {
      reader.replyTo().tell(null);
    }
    if (TraceLines.isLong(nanos - released.begunNanos())) {
      long end = nanoTime.getAsLong();
      metrics
          .traces()
          .writeAll(
              "linearizableReadLoop",
              "readStateIndex:%d; appliedIndex:%d; "
                  .formatted(released.index(), released.appliedIndex()),
              released.begunNanos(),
              end,
              List.of(
                  new TraceLines.Step("read index received", released.answeredNanos()),
                  new TraceLines.Step("applied index is now lower than readState.Index", end)));
    }
  }

  private static void fail(List<Reader> readers, EtcdException why) {
    for (Reader reader : readers) {
      reader.replyTo().fail(why);
    }
  }

  /** Whoever is late is told so; returns whether anybody was. */
  private static boolean expire(List<Reader> readers, long now, EtcdException why) {
    return readers.removeIf(reader -> isLate(reader, now, why));
  }

  /** Whether he is, and then he is told so. */
  private static boolean isLate(Reader reader, long now, EtcdException why) {
    boolean late = reader.deadlineNanos() - now <= 0;
    if (late) {
      reader.replyTo().fail(why);
    }
    return late;
  }
}
