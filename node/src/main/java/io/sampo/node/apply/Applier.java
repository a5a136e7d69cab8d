package io.sampo.node.apply;

import io.sampo.node.auth.TokenEvents;
import io.sampo.node.failpoint.Failpoint;
import io.sampo.node.raft.CommittedEntries;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.LoggedRequest;
import io.sampo.node.state.MembershipResult;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.lease.LeaseEvent;
import io.sampo.node.state.mvcc.RevisionBatch;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 * Applies committed entries in their order and tells everybody who waits: first the new state is
 * published, then watchers and leases hear of it, then requests are answered, so that a client that
 * has its answer reads its own write.
 */
public final class Applier extends AbstractBehavior<Applier.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

  /** Between two attempts to make a leader's state durable. */
  private static final Duration SAVE_AGAIN = Duration.ofSeconds(5);

  public sealed interface Command {}

  /** Entries to apply; those at or below the applied index are skipped. */
  public record Apply(CommittedEntries committed) implements Command {}

  /** Somebody who is told what becomes of the state; counts before {@link Begin} only. */
  public record Subscribe(Consumer<ApplyEvent> subscriber) implements Command {}

  /** All have subscribed: what came before is applied now. */
  public enum Begin implements Command {
    INSTANCE
  }

  /** The state that a leader has sent replaces ours, unless ours is newer. */
  public record Install(StateMachine machine) implements Command {}

  private record SnapshotEnded(Snapshotter.Ended ended) implements Command {}

  private enum CompactSlice implements Command {
    INSTANCE
  }

  private enum SaveInstalled implements Command {
    INSTANCE
  }

  /**
   * Whose requests are answered.
   *
   * @param requests by what applying them gave
   * @param changes of the members, likewise
   * @param tokens gives those out that are part of an answer
   */
  public record Answers(
      PendingRequests<ApplyResult> requests,
      PendingRequests<MembershipResult> changes,
      TokenEvents tokens) {}

  /**
   * @param versions that one slice of a compaction looks at, {@code --compaction-batch-limit}
   * @param pause between two slices, {@code --compaction-sleep-interval}
   */
  public record CompactionPace(int versions, Duration pause) {}

  private final TimerScheduler<Command> timers;
  private StateMachine machine;
  private final PublishedState published;
  private final List<Consumer<ApplyEvent>> subscribers;
  private final Answers answers;
  private final ActorRef<Snapshotter.Save> snapshotter;
  private final CompactionPace compaction;
  private final SnapshotPolicy snapshots;
  private final ApplyMetrics metrics;
  private final CompactionHashes hashes;
  private final LongSupplier nanoTime;
  private final ActorRef<Snapshotter.Ended> snapshotEnded;
  private final List<Long> awaitingCompaction = new ArrayList<>();
  private final List<ApplyResult> compacted = new ArrayList<>();
  private final CompactionProgress progress;
  private long recoveredTo;

  /** A leader's state that is being made durable; null if there is none. */
  private NodeState installed;

  /**
   * Applies nothing before it was told {@link Begin}.
   *
   * @param machine restored; from now on only the applier touches it
   * @param snapshotCount entries between snapshots, at least
   */
  public static Behavior<Command> create(
      StateMachine machine,
      PublishedState published,
      Answers answers,
      ActorRef<Snapshotter.Save> snapshotter,
      CompactionPace compaction,
      long snapshotCount,
      ApplyMetrics metrics,
      CompactionHashes hashes,
      LongSupplier nanoTime) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    BeforeBegin.create(
                        subscribers ->
                            new Applier(
                                context,
                                timers,
                                machine,
                                published,
                                subscribers,
                                answers,
                                snapshotter,
                                compaction,
                                new SnapshotPolicy(snapshotCount),
                                metrics,
                                hashes,
                                nanoTime))));
  }

  private Applier(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      StateMachine machine,
      PublishedState published,
      List<Consumer<ApplyEvent>> subscribers,
      Answers answers,
      ActorRef<Snapshotter.Save> snapshotter,
      CompactionPace compaction,
      SnapshotPolicy snapshots,
      ApplyMetrics metrics,
      CompactionHashes hashes,
      LongSupplier nanoTime) {
    super(context);
    this.timers = timers;
    this.machine = machine;
    this.published = published;
    this.subscribers = subscribers;
    this.answers = answers;
    this.snapshotter = snapshotter;
    this.compaction = compaction;
    this.snapshots = snapshots;
    this.metrics = metrics;
    this.hashes = hashes;
    this.nanoTime = nanoTime;
    this.snapshotEnded = context.messageAdapter(Snapshotter.Ended.class, SnapshotEnded::new);
    this.progress = new CompactionProgress(metrics, nanoTime);
    // A compaction that a crash cut short goes on.
    beginCompaction();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Apply.class, this::onApply)
        .onMessageEquals(CompactSlice.INSTANCE, this::onCompactSlice)
        .onMessage(SnapshotEnded.class, this::onSnapshotEnded)
        .onMessage(Install.class, this::onInstall)
        .onMessageEquals(SaveInstalled.INSTANCE, this::onSaveInstalled)
        .build();
  }

  private Behavior<Command> onApply(Apply apply) {
    List<Entry> entries = news(apply.committed().entries());
    if (entries.isEmpty()) {
      return this;
    }
    recoveredTo = apply.committed().recoveredTo();
    List<ApplyResult> results = new ArrayList<>(entries.size());
    List<RevisionBatch> batches = new ArrayList<>(entries.size());
    List<LeaseEvent> leaseEvents = new ArrayList<>();
    List<MembershipResult> changes = new ArrayList<>();
    int leasesAgain = 0;
    for (Entry entry : entries) {
      if (entry.getType() == EntryType.EntryConfChange) {
        changes.add(applyMembership(entry));
      } else {
        ApplyResult result = applyRequest(entry);
        result.batch().ifPresent(batches::add);
        leaseEvents.addAll(result.leaseEvents());
        leasesAgain = entry.getIndex() <= recoveredTo ? leaseEvents.size() : leasesAgain;
        results.add(result);
      }
      snapshots.applied(entry.getData().size());
    }
    publish();
    tell(new ApplyEvent.Applied(batches, leaseEvents, leasesAgain, machine.appliedIndex()));
    results.forEach(this::answer);
    // Raft was told before, so that whoever has this answer may ask for the next change.
    changes.forEach(change -> answers.changes().complete(change.requestId(), change));
    snapshotIfDue();
    return this;
  }

  private void tell(ApplyEvent event) {
    for (Consumer<ApplyEvent> subscriber : subscribers) {
      subscriber.accept(event);
    }
  }

  /** What was on its way while a leader's state was installed may be part of that state. */
  private List<Entry> news(List<Entry> entries) {
    int known = 0;
    while (known < entries.size() && entries.get(known).getIndex() <= machine.appliedIndex()) {
      known++;
    }
    return entries.subList(known, entries.size());
  }

  private void publish() {
    long begin = nanoTime.getAsLong();
    published.set(machine.state());
    metrics.published(nanoTime.getAsLong() - begin);
  }

  private ApplyResult applyRequest(Entry entry) {
    if (entry.getData().isEmpty()) {
      return machine.applyEmpty(entry.getIndex(), entry.getTerm());
    }
    InternalRaftRequest request = LoggedRequest.of(entry);
    long id = request.getID() != 0 ? request.getID() : request.getHeader().getID();
    Failpoint.BEFORE_APPLY_ONE_ENTRY_NORMAL.reached();
    if (request.hasCompaction()) {
      Failpoint.COMPACT_BEFORE_COMMIT_SCHEDULED_COMPACT.reached();
    }
    long begin = nanoTime.getAsLong();
    ApplyResult result =
        machine.apply(
            request, entry.getIndex(), entry.getTerm(), answers.requests().applying(id, begin));
    boolean again = entry.getIndex() <= recoveredTo;
    metrics.applied(request, result, machine.takeOperations(), again, nanoTime.getAsLong() - begin);
    progress.asked(result.compaction() != null && !again);
    if (result.compaction() != null && request.getCompaction().getPhysical()) {
      awaitingCompaction.add(result.requestId());
    }
    return answers.tokens().applied(result, again);
  }

  private MembershipResult applyMembership(Entry entry) {
    Failpoint.BEFORE_APPLY_ONE_CONF_CHANGE.reached();
    ConfChange change = MembershipChange.parse(entry);
    MembershipResult result = machine.applyMembership(change, entry.getIndex(), entry.getTerm());
    if (result.applied()) {
      tell(new ApplyEvent.MembershipChanged(entry.getIndex(), change, result));
    }
    return result;
  }

  private void answer(ApplyResult result) {
    if (result.compaction() != null) {
      Failpoint.COMPACT_AFTER_COMMIT_SCHEDULED_COMPACT.reached();
      hashes.started(result.compaction());
      beginCompaction();
    }
    if (result.requestId() == 0) {
      return;
    }
    if (result.raiseNoSpaceAlarm()) {
      // etcd answers only when the alarm is up, so that the client's next write is refused.
      tell(new ApplyEvent.OutOfSpace(result));
    } else if (awaitingCompaction.contains(result.requestId())) {
      compacted.add(result);
    } else {
      answers.requests().complete(result.requestId(), result);
    }
  }

  private void beginCompaction() {
    if (progress.begin(machine)) {
      getContext().getSelf().tell(CompactSlice.INSTANCE);
    }
  }

  private Behavior<Command> onCompactSlice() {
    Failpoint.COMPACT_AFTER_ACQUIRED_BATCH_TX_LOCK.reached();
    long begin = nanoTime.getAsLong();
    boolean more = machine.compactStep(compaction.versions());
    (more ? Failpoint.COMPACT_BEFORE_COMMIT_BATCH : Failpoint.COMPACT_BEFORE_SET_FINISHED_COMPACT)
        .reached();
    publish();
    (more ? Failpoint.COMPACT_AFTER_COMMIT_BATCH : Failpoint.COMPACT_AFTER_SET_FINISHED_COMPACT)
        .reached();
    progress.slice(nanoTime.getAsLong() - begin);
    if (more) {
      timers.startSingleTimer(CompactSlice.INSTANCE, compaction.pause());
      return this;
    }
    progress.end(machine);
    for (ApplyResult result : compacted) {
      answers.requests().complete(result.requestId(), result);
    }
    compacted.clear();
    awaitingCompaction.clear();
    return this;
  }

  private void snapshotIfDue() {
    NodeState state = published.get();
    if (snapshots.isDue(state.sizeBytes())) {
      snapshots.begun();
      LOG.atInfo()
          .addKeyValue("local-member-applied-index", state.appliedIndex())
          .log("triggering snapshot");
      snapshotter.tell(new Snapshotter.Save(state, false, snapshotEnded));
    }
  }

  /** Raft hears of it when it is durable; until then it sends nothing that comes after it. */
  private Behavior<Command> onInstall(Install install) {
    StateMachine sent = install.machine();
    metrics.installing(true);
    log("applying snapshot", sent.appliedIndex(), sent.appliedTerm());
    if (sent.appliedIndex() > machine.appliedIndex()) {
      Failpoint.APPLY_BEFORE_OPEN_SNAPSHOT.reached();
      answers.tokens().replaced(machine.auth(), sent.auth());
      machine = sent;
      progress.replaced(machine);
      publish();
      LOG.info("applySnapshot: opened snapshot backend");
      Failpoint.APPLY_AFTER_OPEN_SNAPSHOT.reached();
      tell(new ApplyEvent.Replaced(published.get()));
      beginCompaction();
    }
    timers.cancel(SaveInstalled.INSTANCE);
    installed = published.get();
    return onSaveInstalled();
  }

  private void log(String text, long index, long term) {
    LOG.atInfo()
        .addKeyValue("current-applied-index", machine.appliedIndex())
        .addKeyValue("incoming-leader-snapshot-index", index)
        .addKeyValue("incoming-leader-snapshot-term", term)
        .log(text);
  }

  private Behavior<Command> onSaveInstalled() {
    snapshotter.tell(new Snapshotter.Save(installed, true, snapshotEnded));
    return this;
  }

  /**
   * A disk that has no space for it may have some later. Until then Raft waits, and the leader is
   * told nothing: after a restart it would have to send its state again.
   */
  private Behavior<Command> onInstalled(NodeState state, boolean durable) {
    if (durable) {
      installed = null;
      timers.cancel(SaveInstalled.INSTANCE);
      metrics.installing(false);
      log("applied snapshot", state.appliedIndex(), state.appliedTerm());
      tell(new ApplyEvent.ReplacementDurable(state));
    } else {
      timers.startSingleTimer(SaveInstalled.INSTANCE, SAVE_AGAIN);
    }
    return this;
  }

  private Behavior<Command> onSnapshotEnded(SnapshotEnded message) {
    boolean durable = message.ended().durable();
    NodeState state = message.ended().save().state();
    if (message.ended().save().received()) {
      // Of one that another leader's has replaced since, nobody needs to hear.
      return state == installed ? onInstalled(state, durable) : this;
    }
    snapshots.ended();
    if (durable) {
      tell(new ApplyEvent.SnapshotTaken(state));
    }
    return this;
  }
}
