package io.sampo.node.server;

import io.sampo.node.apply.Applier;
import io.sampo.node.apply.ApplyMetrics;
import io.sampo.node.apply.CompactionHashes;
import io.sampo.node.apply.SnapshotMetrics;
import io.sampo.node.apply.Snapshotter;
import io.sampo.node.apply.StoreFamilies;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.FeatureGates;
import io.sampo.node.compaction.AutoCompactor;
import io.sampo.node.compaction.PeriodicRetention;
import io.sampo.node.compaction.RetentionRule;
import io.sampo.node.compaction.RevisionRetention;
import io.sampo.node.corruption.CorruptionChecks;
import io.sampo.node.edge.LeaderGuard;
import io.sampo.node.lease.LeaseMetrics;
import io.sampo.node.lease.LeaseSettings;
import io.sampo.node.lease.Lessor;
import io.sampo.node.lease.RaftLeaseProposals;
import io.sampo.node.maintenance.LeaderTransfer;
import io.sampo.node.member.ForwardedPromotions;
import io.sampo.node.member.LeaderPromotion;
import io.sampo.node.member.MemberChanges;
import io.sampo.node.member.MemberMetrics;
import io.sampo.node.member.MembershipEffects;
import io.sampo.node.member.StrictReconfiguration;
import io.sampo.node.peer.Peers;
import io.sampo.node.peer.ReceivedStates;
import io.sampo.node.peer.StateSnapshots;
import io.sampo.node.raft.CommittedEntries;
import io.sampo.node.raft.LeadershipChange;
import io.sampo.node.raft.RaftActor;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftEnvironment;
import io.sampo.node.raft.SnapshotToInstall;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.request.Proposer;
import io.sampo.node.request.ReadBarrier;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.RequestIds;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.MembershipResult;
import io.sampo.node.watch.EventHub;
import io.sampo.persistence.log.LogActor;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.SystemMaterializer;

/** Makes a node's actors and connects them. */
final class RoomAssembly {
  /** Events kept for watchers that are busy; behind that they read the history. */
  private static final int RING_EVENTS = 100_000;

  private static final long RING_BYTES = 64L << 20;

  /** After how long an unanswered read barrier is asked for again (etcd 3.7). */
  private static final Duration READ_RETRY = Duration.ofMillis(500);

  /**
   * What the rooms have to say to their parent.
   *
   * @param removed the log says that this member is removed; called on the applier's thread
   * @param refusedAsRemoved a peer says so; called on any thread
   */
  record Signals(
      ActorRef<SnapshotToInstall> install,
      ActorRef<LeadershipChange> leadership,
      Runnable removed,
      Runnable refusedAsRemoved) {}

  private final ActorContext<?> context;
  private final NodeParts parts;
  private final Signals signals;

  RoomAssembly(ActorContext<?> context, NodeParts parts, Signals signals) {
    this.context = context;
    this.parts = parts;
    this.signals = signals;
  }

  /** Spawns them all, as children of the context's actor, which watches them. */
  NodeRooms assemble() {
    NodeConfig config = parts.config();
    var nanoTime = parts.sources().nanoTime();
    StoreFamilies.register(parts.metrics(), parts.state(), config.storage().quotaBytes());
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
                        config.timing().warningApplyDurationNanos(),
                        parts.sources().currentMillis()),
                    new CompactionHashes(parts.hashes(), blocking()),
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
                    signals.install(),
                    signals.leadership(),
                    parts.transport(),
                    parts.status()::set,
                    () -> parts.logBegun().complete(null),
                    parts.raftMetrics(),
                    parts.sources().newRandom().get(),
                    parts.rules())));
    PendingRequests<ApplyResult> pending =
        new PendingRequests<>(nanoTime, config.requestTimeoutNanos());
    RequestMetrics requests = new RequestMetrics(parts.metrics(), nanoTime, pending::size);
    ActorRef<ReadBarrier.Command> barrier =
        spawn(
            "read-barrier",
            ReadBarrier.create(
                raft,
                () -> parts.state().get().appliedIndex(),
                nanoTime,
                new ReadBarrier.Settings(config.requestTimeoutNanos(), READ_RETRY.toNanos()),
                requests));
    ActorRef<EventHub.Command> hub =
        spawn(
            "event-hub", EventHub.create(parts.state().keys().revision(), RING_EVENTS, RING_BYTES));
    ActorRef<Snapshotter.Save> snapshotter =
        context.spawn(
            parts
                .door()
                .admit(
                    "snapshotter",
                    Snapshotter.create(
                        parts.snapshots(),
                        config.storage().maxSnapshots(),
                        new SnapshotMetrics(parts.metrics()))),
            "snapshotter",
            DispatcherSelector.blocking());
    context.watch(snapshotter);
    PendingRequests<MembershipResult> pendingChanges =
        new PendingRequests<>(nanoTime, config.requestTimeoutNanos());
    RequestIds ids = new RequestIds(parts.memberId(), parts.sources().currentMillis().getAsLong());
    Proposer<ApplyResult> proposer =
        new Proposer<>(
            raft,
            this::applyGap,
            ids,
            pending,
            config.limits().maxRequestBytes(),
            config.featureGates().isEnabled(FeatureGates.Gate.PriorityRequest),
            requests);
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
                new MembershipEffects(parts, peers, signals.removed()),
                events -> lessor.tell(new Lessor.Applied(events)),
                pending,
                pendingChanges,
                gate::raiseNoSpace)));
    ReceivedStates states =
        new ReceivedStates(
            parts.received(),
            Assembly.stateSettings(parts.config()),
            () -> parts.status().get().appliedIndex(),
            blocking(),
            SystemMaterializer.get(context.getSystem()).materializer());
    LeaderTransfer transfer =
        new LeaderTransfer(
            raft::tell, () -> parts.state().get().cluster(), parts.status(), nanoTime);
    parts
        .peers()
        .flatMap(
            own ->
                CorruptionChecks.monitor(parts, own.client(context.getSystem()), gate, blocking()))
        .ifPresent(monitor -> spawn("corruption-monitor", monitor));
    LeaderGuard leaderGuard = new LeaderGuard(parts.status());
    spawn(
        "leader-guard",
        leaderGuard.looking(Duration.ofNanos(config.electionTimeoutByTicksNanos())));
    return new NodeRooms(
        applier.narrow(),
        raft,
        hub,
        lessor,
        compactor(gate),
        ids,
        pending,
        proposer,
        requests,
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
    var system = context.getSystem();
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
            new MemberMetrics(
                parts.metrics(),
                parts.memberId(),
                () -> parts.state().get().cluster(),
                parts.config().featureGates())));
  }

  private ActorRef<Peers.Command> peers(
      PeerParts own, ActorRef<RaftCommand> raft, StateSnapshots toSend) {
    ActorRef<Peers.Command> peers =
        spawn(
            "peers",
            Peers.create(
                own.network(),
                raft,
                own.environment(context.getSystem(), parts, toSend, signals.refusedAsRemoved())));
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
            new LeaseMetrics(parts.metrics())));
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

  /** By what the machine has applied: Raft hears of that later, behind all other messages. */
  private long applyGap() {
    return parts.status().get().committedIndex() - parts.state().get().appliedIndex();
  }

  private <T> ActorRef<T> spawn(String name, Behavior<T> behavior) {
    ActorRef<T> room = context.spawn(parts.door().admit(name, behavior), name);
    context.watch(room);
    return room;
  }

  private Executor blocking() {
    return context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
  }
}
