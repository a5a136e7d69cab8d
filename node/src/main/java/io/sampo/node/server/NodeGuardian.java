package io.sampo.node.server;

import io.sampo.node.api.LeaderGuard;
import io.sampo.node.api.LeaderTransfer;
import io.sampo.node.api.RequestGate;
import io.sampo.node.apply.Applier;
import io.sampo.node.apply.Snapshotter;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.FeatureGates;
import io.sampo.node.compaction.AutoCompactor;
import io.sampo.node.compaction.PeriodicRetention;
import io.sampo.node.compaction.RetentionRule;
import io.sampo.node.compaction.RevisionRetention;
import io.sampo.node.lease.LeaseSettings;
import io.sampo.node.lease.Lessor;
import io.sampo.node.lease.RaftLeaseProposals;
import io.sampo.node.member.LeaderPromotion;
import io.sampo.node.member.MemberChanges;
import io.sampo.node.member.ServerVersion;
import io.sampo.node.member.StrictReconfiguration;
import io.sampo.node.peer.Peers;
import io.sampo.node.raft.CommittedEntries;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.raft.RaftActor;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftEnvironment;
import io.sampo.node.raft.SnapshotToInstall;
import io.sampo.node.request.LateAnswers;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.request.Proposer;
import io.sampo.node.request.ReadBarrier;
import io.sampo.node.request.RequestIds;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.MembershipResult;
import io.sampo.node.state.StateMachine;
import io.sampo.node.watch.EventHub;
import io.sampo.persistence.log.LogActor;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DeathPactException;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * The parent of a node's rooms. None of them is ever restarted: what fails there is a broken
 * invariant or a disk that cannot be trusted, and a node that cannot keep its promises ends.
 */
public final class NodeGuardian extends AbstractBehavior<NodeGuardian.Command> {
  /** Events kept for watchers that are busy; behind that they read the history. */
  private static final int RING_EVENTS = 100_000;

  private static final long RING_BYTES = 64L << 20;

  /** After how long an unanswered read barrier is asked for again (etcd 3.7). */
  private static final Duration READ_RETRY = Duration.ofMillis(500);

  /** How long a removed member stays (etcd 3.7). */
  private static final Duration REMOVED_END = Duration.ofSeconds(1);

  /** What the guardian tells itself. */
  public sealed interface Command {}

  private record Leadership(LeadershipChange change) implements Command {}

  private record Install(SnapshotToInstall snapshot) implements Command {}

  private record Announced(boolean succeeded) implements Command {}

  private record Begin(NodeParts parts, Life life) implements Command {}

  private enum LogBegun implements Command {
    INSTANCE
  }

  private record Established(Throwable failure) implements Command {}

  private enum ExpireRequests implements Command {
    INSTANCE
  }

  private enum RemovedFromCluster implements Command {
    INSTANCE
  }

  private enum EndAsRemoved implements Command {
    INSTANCE
  }

  /** For other threads, on which the context must not be asked. */
  private final ActorRef<Command> self;

  private final TimerScheduler<Command> timers;
  private final NodeParts parts;
  private final Life life;
  private final Announcer announcer;
  private final LateAnswers lateAnswers;
  private final NodeRooms rooms;
  private final ClusterVersionMonitor versions;
  private ActorRef<Applier.Command> installer;

  /** Whether this member's data says whose it is. */
  private boolean established;

  private boolean announcing;

  /** What this member has to say may be unknown to the cluster. */
  private boolean announcementDue = true;

  /**
   * What happens to a node, for whoever started it.
   *
   * @param assembled completes when the rooms run
   * @param establish makes durable that this member has a log from now on, and whose it is; called
   *     once, on a thread that may wait, before anybody hears of this member. Empty if an earlier
   *     start has done it
   * @param running completes when this member has announced itself
   * @param fatal told why the node cannot go on
   */
  public record Life(
      CompletableFuture<NodeRooms> assembled,
      Optional<Runnable> establish,
      CompletableFuture<Void> running,
      Consumer<Throwable> fatal) {}

  /** For a system that is needed before it is known whose node it holds. */
  static Behavior<Command> awaiting() {
    return Behaviors.receive(Command.class)
        .onMessage(Begin.class, begin -> create(begin.parts(), begin.life()))
        .build();
  }

  /** What ends {@link #awaiting}. */
  static Command begin(NodeParts parts, Life life) {
    return new Begin(parts, life);
  }

  public static Behavior<Command> create(NodeParts parts, Life life) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(ExpireRequests.INSTANCE, Duration.ofMillis(250));
                  return new NodeGuardian(context, timers, parts, life);
                }));
  }

  private NodeGuardian(
      ActorContext<Command> context, TimerScheduler<Command> timers, NodeParts parts, Life life) {
    super(context);
    this.self = context.getSelf();
    this.timers = timers;
    this.parts = parts;
    this.life = life;
    this.rooms = assemble();
    NodeConfig config = parts.config();
    this.lateAnswers =
        new LateAnswers(
            parts.status(),
            parts.status()::leaderSinceNanos,
            config.electionTimeoutByTicksNanos(),
            parts
                .peers()
                .map(own -> own.connections(parts))
                .orElse(LateAnswers.Connections.PERFECT));
    this.announcer =
        new Announcer(
            parts.memberId(),
            config.name(),
            config.urls().advertiseClient().stream().map(Object::toString).toList(),
            parts.state(),
            rooms.proposer());
    this.versions =
        new ClusterVersionMonitor(
            parts.memberId(),
            () -> parts.state().get().cluster(),
            parts
                .peers()
                .<ClusterVersionMonitor.VersionQuestion>map(
                    own -> new PeerVersions(own.client(context.getSystem())))
                .orElse(
                    member -> CompletableFuture.completedFuture(Optional.of(ServerVersion.OURS))),
            rooms.proposer(),
            parts.sources().nanoTime());
    this.established = life.establish().isEmpty();
    if (!established) {
      parts.logBegun().thenRun(() -> self.tell(LogBegun.INSTANCE));
    }
    if (parts.state().get().cluster().removed().contains(parts.memberId())) {
      self.tell(RemovedFromCluster.INSTANCE);
    }
    life.assembled().complete(rooms);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Leadership.class, this::onLeadership)
        .onMessage(Install.class, this::onInstall)
        .onMessage(Announced.class, this::onAnnounced)
        .onMessageEquals(LogBegun.INSTANCE, this::onLogBegun)
        .onMessage(Established.class, this::onEstablished)
        .onMessageEquals(ExpireRequests.INSTANCE, this::onExpireRequests)
        .onMessageEquals(RemovedFromCluster.INSTANCE, this::onRemoved)
        .onMessageEquals(EndAsRemoved.INSTANCE, () -> end(new RemovedMemberException()))
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(
            Terminated.class,
            stopped -> end(new IllegalStateException(stopped.getRef().path() + " has stopped")))
        .build();
  }

  private NodeRooms assemble() {
    NodeConfig config = parts.config();
    var nanoTime = parts.sources().nanoTime();
    ActorRef<Object> applier =
        spawn(
            "applier",
            Behaviors.transformMessages(
                Object.class,
                Applier.create(
                    parts.machine(),
                    parts.state(),
                    Duration.ofNanos(config.compaction().sleepIntervalNanos()),
                    config.storage().snapshotCount(),
                    new ApplyMetrics(
                        parts.metrics(),
                        parts.hashes(),
                        config.timing().warningApplyDurationNanos(),
                        parts.sources().currentMillis(),
                        blocking()),
                    nanoTime),
                messages ->
                    messages
                        .match(CommittedEntries.class, Applier.Apply::new)
                        .match(Applier.Command.class, command -> command)));
    ActorRef<RaftCommand> raft =
        spawn(
            "raft",
            RaftActor.create(
                parts.raft(),
                new RaftEnvironment(
                    owner ->
                        parts
                            .door()
                            .admit("log", LogActor.create(parts.logName(), owner, parts.log())),
                    applier.narrow(),
                    getContext().messageAdapter(SnapshotToInstall.class, Install::new),
                    getContext().messageAdapter(LeadershipChange.class, Leadership::new),
                    parts.transport(),
                    parts.status()::set,
                    parts.raftCounters(),
                    parts.sources().newRandom().get(),
                    parts.rules())));
    ActorRef<ReadBarrier.Command> barrier =
        spawn(
            "read-barrier",
            ReadBarrier.create(
                raft,
                () -> parts.state().get().appliedIndex(),
                nanoTime,
                new ReadBarrier.Settings(config.requestTimeoutNanos(), READ_RETRY.toNanos()),
                parts.metrics().server().slowReadIndexes,
                parts.metrics().server().failedReadIndexes));
    ActorRef<EventHub.Command> hub =
        spawn(
            "event-hub", EventHub.create(parts.state().keys().revision(), RING_EVENTS, RING_BYTES));
    ActorRef<Snapshotter.Save> snapshotter =
        getContext()
            .spawn(
                parts
                    .door()
                    .admit(
                        "snapshotter",
                        Snapshotter.create(
                            parts.snapshots(),
                            config.storage().maxSnapshots(),
                            parts.metrics().store())),
                "snapshotter",
                DispatcherSelector.blocking());
    getContext().watch(snapshotter);
    PendingRequests<ApplyResult> pending =
        new PendingRequests<>(nanoTime, config.requestTimeoutNanos());
    PendingRequests<MembershipResult> pendingChanges =
        new PendingRequests<>(nanoTime, config.requestTimeoutNanos());
    RequestIds ids = new RequestIds(parts.memberId(), parts.sources().currentMillis().getAsLong());
    Proposer<ApplyResult> proposer =
        new Proposer<>(
            raft,
            parts.status(),
            ids,
            pending,
            config.limits().maxRequestBytes(),
            config.featureGates().isEnabled(FeatureGates.Gate.PriorityRequest),
            parts.requestTimes());
    RequestGate gate =
        new RequestGate(
            proposer, barrier, parts.state(), parts.machine().quota(), parts.memberId());
    ActorRef<Lessor.Command> lessor = lessor(raft, ids);
    StateSnapshots toSend = new StateSnapshots(parts.state(), blocking());
    Optional<ActorRef<Peers.Command>> peers = parts.peers().map(own -> peers(own, raft, toSend));
    applier.tell(
        new Applier.Bind(
            new Applier.Rooms(
                raft,
                barrier,
                hub,
                snapshotter,
                new MembershipEffects(parts, peers, this::onRemovedFromCluster),
                events -> lessor.tell(new Lessor.Applied(events)),
                pending,
                pendingChanges,
                gate::raiseNoSpace)));
    installer = applier.narrow();
    ReceivedStates states =
        new ReceivedStates(
            parts.received(),
            Assembly.stateSettings(parts.config()),
            () -> parts.status().get().appliedIndex(),
            blocking(),
            SystemMaterializer.get(getContext().getSystem()).materializer());
    LeaderTransfer transfer =
        new LeaderTransfer(
            raft::tell, () -> parts.state().get().cluster(), parts.status(), nanoTime);
    LeaderGuard leaderGuard = new LeaderGuard(parts.status());
    spawn(
        "leader-guard",
        leaderGuard.looking(Duration.ofNanos(config.electionTimeoutByTicksNanos())));
    return new NodeRooms(
        raft,
        hub,
        lessor,
        compactor(gate),
        ids,
        pending,
        proposer,
        pendingChanges,
        gate,
        memberChanges(raft, ids, pendingChanges, gate),
        transfer,
        leaderGuard,
        toSend,
        states);
  }

  private MemberChanges memberChanges(
      ActorRef<RaftCommand> raft,
      RequestIds ids,
      PendingRequests<MembershipResult> pending,
      RequestGate gate) {
    var system = getContext().getSystem();
    var nanoTime = parts.sources().nanoTime();
    boolean strict = parts.config().cluster().strictReconfigCheck();
    return new MemberChanges(
        new MemberChanges.Environment(
            parts.memberId(),
            raft,
            ids,
            pending,
            () -> parts.state().get().cluster(),
            gate::linearizable,
            strict
                ? Optional.of(
                    new StrictReconfiguration(parts.memberId(), parts.connections(), nanoTime))
                : Optional.empty(),
            parts
                .peers()
                .<LeaderPromotion>map(
                    own -> new ForwardedPromotions(own.leaderQuestions(system, parts)))
                .orElse(LeaderPromotion.NONE),
            new PromotionCounters(parts.metrics().registry())));
  }

  /** Told on the applier's thread, or by a peer that does not talk to us any more. */
  private void onRemovedFromCluster() {
    self.tell(RemovedFromCluster.INSTANCE);
  }

  /** A moment for those whom this member still answers, as in etcd. */
  private Behavior<Command> onRemoved() {
    timers.startSingleTimer(EndAsRemoved.INSTANCE, REMOVED_END);
    return this;
  }

  private ActorRef<Peers.Command> peers(
      PeerParts own, ActorRef<RaftCommand> raft, StateSnapshots toSend) {
    ActorRef<Peers.Command> peers =
        spawn(
            "peers",
            Peers.create(
                own.network(),
                raft,
                own.environment(
                    getContext().getSystem(),
                    parts,
                    toSend,
                    () -> self.tell(EndAsRemoved.INSTANCE))));
    peers.tell(PeerParts.connectWith(own.members(parts.state().get().cluster())));
    return peers;
  }

  private ActorRef<Lessor.Command> lessor(ActorRef<RaftCommand> raft, RequestIds ids) {
    NodeConfig config = parts.config();
    return spawn(
        "lessor",
        Lessor.create(
            () -> parts.state().get().leases(),
            new RaftLeaseProposals(
                raft, parts.status(), () -> RequestHeader.newBuilder().setID(ids.next()).build()),
            LeaseSettings.of(
                Duration.ofNanos(config.electionTimeoutByTicksNanos()),
                Duration.ofNanos(config.requestTimeoutNanos()),
                config.featureGates().isEnabled(FeatureGates.Gate.LeaseCheckpoint)),
            parts.sources().nanoTime(),
            new LeaseCounters(parts.metrics())));
  }

  private Optional<ActorRef<AutoCompactor.Command>> compactor(RequestGate gate) {
    NodeConfig.Compaction settings = parts.config().compaction();
    if (settings.retention() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        spawn(
            "auto-compactor",
            AutoCompactor.create(
                () -> retention(settings),
                revision ->
                    gate.proposeCompaction(
                        CompactionRequest.newBuilder().setRevision(revision).build()),
                () -> parts.state().keys().revision(),
                parts.sources().nanoTime())));
  }

  private RetentionRule retention(NodeConfig.Compaction settings) {
    return settings.mode() == NodeConfig.CompactionMode.REVISION
        ? new RevisionRetention(settings.retention())
        : new PeriodicRetention(
            Duration.ofNanos(settings.retention()),
            parts.sources().nanoTime().getAsLong(),
            parts.state().keys().revision());
  }

  private <T> ActorRef<T> spawn(String name, Behavior<T> behavior) {
    ActorRef<T> room = getContext().spawn(parts.door().admit(name, behavior), name);
    getContext().watch(room);
    return room;
  }

  private Behavior<Command> onLeadership(Leadership leadership) {
    rooms.lessor().tell(new Lessor.Leadership(leadership.change()));
    rooms
        .compactor()
        .ifPresent(compactor -> compactor.tell(new AutoCompactor.Leadership(leadership.change())));
    if (leadership.change().leader()) {
      versions.look();
      announcementDue = true;
      announceIfDue();
    }
    return this;
  }

  /** Whoever hears of this member must find it again, so its identity comes first. */
  private Behavior<Command> onLogBegun() {
    CompletableFuture.runAsync(life.establish().orElseThrow(), blocking())
        .whenComplete((done, failure) -> self.tell(new Established(failure)));
    return this;
  }

  private Behavior<Command> onEstablished(Established outcome) {
    if (outcome.failure() != null) {
      Throwable cause = outcome.failure().getCause();
      return end(cause == null ? outcome.failure() : cause);
    }
    established = true;
    announceIfDue();
    return this;
  }

  /** As soon as there is a leader to take it; tried again until it is applied. */
  private void announceIfDue() {
    boolean possible = established && parts.status().get().leaderId() != 0;
    if (announcing || !announcementDue || !possible) {
      return;
    }
    announcing = true;
    announcementDue = false;
    announcer.announce().whenComplete((done, failure) -> self.tell(new Announced(failure == null)));
  }

  private Behavior<Command> onAnnounced(Announced announced) {
    announcing = false;
    if (announced.succeeded()) {
      life.running().complete(null);
    } else {
      announcementDue = true;
      getContext().getLog().warn("failed to publish local member to cluster through raft");
    }
    announceIfDue();
    return this;
  }

  /** Raft goes with its log; then the log's own failure is what the operator has to know. */
  private Behavior<Command> onChildFailed(ChildFailed failed) {
    Throwable cause = failed.getCause();
    // A journal that stopped without saying why has said it in the log before.
    if (cause instanceof RaftActor.LogFailedException || cause instanceof DeathPactException) {
      return end(new IllegalStateException(LogActor.describe(cause, parts.log()), cause));
    }
    return end(
        new IllegalStateException(failed.getRef().path().name() + " failed: " + cause, cause));
  }

  private Behavior<Command> onInstall(Install install) {
    long index = install.snapshot().snapshot().getMetadata().getIndex();
    Optional<StateMachine> restored = rooms.states().take(index);
    if (restored.isEmpty()) {
      return end(
          new IllegalStateException(
              "Raft wants the snapshot of entry %d, which has not come".formatted(index)));
    }
    installer.tell(new Applier.Install(restored.get()));
    return this;
  }

  private Behavior<Command> onExpireRequests() {
    int expired = rooms.pending().expire(lateAnswers::of);
    expired += rooms.pendingChanges().expire(lateAnswers::of);
    parts.metrics().server().proposalsFailed.inc(expired);
    announceIfDue();
    if (parts.status().get().isLeader()) {
      versions.tick();
    }
    return this;
  }

  private Executor blocking() {
    return getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking());
  }

  private Behavior<Command> end(Throwable cause) {
    life.fatal().accept(cause);
    return Behaviors.stopped();
  }
}
