package io.sampo.node.server;

import io.sampo.node.apply.Applier;
import io.sampo.node.apply.ApplyMetrics;
import io.sampo.node.apply.Snapshotter;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.FeatureGates;
import io.sampo.node.compaction.AutoCompactor;
import io.sampo.node.compaction.PeriodicRetention;
import io.sampo.node.compaction.RetentionRule;
import io.sampo.node.compaction.RevisionRetention;
import io.sampo.node.corruption.CorruptionChecks;
import io.sampo.node.edge.Answers;
import io.sampo.node.edge.LeaderGuard;
import io.sampo.node.lease.LeaseCounters;
import io.sampo.node.lease.LeaseSettings;
import io.sampo.node.lease.Lessor;
import io.sampo.node.lease.RaftLeaseProposals;
import io.sampo.node.maintenance.LeaderTransfer;
import io.sampo.node.member.ClusterVersionMonitor;
import io.sampo.node.member.ForwardedPromotions;
import io.sampo.node.member.LeaderPromotion;
import io.sampo.node.member.MemberChanges;
import io.sampo.node.member.MemberPublisher;
import io.sampo.node.member.MembershipEffects;
import io.sampo.node.member.PeerVersions;
import io.sampo.node.member.PromotionCounters;
import io.sampo.node.member.ServerVersion;
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
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.MembershipResult;
import io.sampo.node.watch.EventHub;
import io.sampo.persistence.log.LogActor;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
      ActorRef<MemberPublisher.Published> published,
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
    Answers answers = new Answers(context.getSystem().executionContext());
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
                    signals.install(),
                    signals.leadership(),
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
        context.spawn(
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
    context.watch(snapshotter);
    PendingRequests<ApplyResult> pending =
        new PendingRequests<>(nanoTime, config.requestTimeoutNanos());
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
            parts.requestTimes());
    RequestGate gate =
        new RequestGate(
            proposer, barrier, parts.state(), parts.machine().quota(), parts.memberId(), answers);
    ActorRef<Lessor.Command> lessor = lessor(raft, ids);
    StateSnapshots toSend = new StateSnapshots(parts.state(), blocking());
    Optional<ActorRef<Peers.Command>> peers =
        parts.peers().map(own -> peers(own, raft, toSend, answers));
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
            raft::tell, () -> parts.state().get().cluster(), parts.status(), nanoTime, answers);
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
        pendingChanges,
        gate,
        memberChanges(raft, ids, pendingChanges, gate, answers),
        transfer,
        leaderGuard,
        answers,
        publisher(proposer),
        versions(proposer),
        toSend,
        states);
  }

  private ActorRef<MemberPublisher.Command> publisher(Proposer<ApplyResult> proposer) {
    NodeConfig config = parts.config();
    return spawn(
        "member-publisher",
        MemberPublisher.create(
            new MemberPublisher.LocalMember(
                parts.memberId(),
                parts.clusterId(),
                config.name(),
                config.urls().advertiseClient().stream().map(Object::toString).toList(),
                Duration.ofNanos(config.requestTimeoutNanos())),
            parts.state(),
            parts.status(),
            proposer,
            signals.published()));
  }

  private ActorRef<ClusterVersionMonitor.Command> versions(Proposer<ApplyResult> proposer) {
    return spawn(
        "cluster-version-monitor",
        ClusterVersionMonitor.create(
            parts.memberId(),
            () -> parts.state().get().cluster(),
            parts
                .peers()
                .<ClusterVersionMonitor.VersionQuestion>map(
                    own -> new PeerVersions(own.client(context.getSystem())))
                .orElse(
                    member -> CompletableFuture.completedFuture(Optional.of(ServerVersion.OURS))),
            proposer));
  }

  private MemberChanges memberChanges(
      ActorRef<RaftCommand> raft,
      RequestIds ids,
      PendingRequests<MembershipResult> pending,
      RequestGate gate,
      Answers answers) {
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
            answers,
            strict
                ? Optional.of(
                    new StrictReconfiguration(parts.memberId(), parts.connections(), nanoTime))
                : Optional.empty(),
            parts
                .peers()
                .<LeaderPromotion>map(
                    own -> new ForwardedPromotions(own.leaderQuestions(system, parts, answers)))
                .orElse(LeaderPromotion.NONE),
            new PromotionCounters(parts.metrics().registry())));
  }

  private ActorRef<Peers.Command> peers(
      PeerParts own, ActorRef<RaftCommand> raft, StateSnapshots toSend, Answers answers) {
    ActorRef<Peers.Command> peers =
        spawn(
            "peers",
            Peers.create(
                own.network(),
                raft,
                own.environment(
                    context.getSystem(), parts, toSend, signals.refusedAsRemoved(), answers)));
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
                (revision, replyTo) ->
                    gate.proposeCompaction(
                        CompactionRequest.newBuilder().setRevision(revision).build(), replyTo),
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
