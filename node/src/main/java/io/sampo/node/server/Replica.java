package io.sampo.node.server;

import io.sampo.node.apply.Applier;
import io.sampo.node.apply.ApplyMetrics;
import io.sampo.node.apply.CompactionHashes;
import io.sampo.node.apply.RaftNotices;
import io.sampo.node.apply.SnapshotMetrics;
import io.sampo.node.apply.Snapshotter;
import io.sampo.node.apply.StoreFamilies;
import io.sampo.node.auth.TokenEvents;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.FeatureGates.Gate;
import io.sampo.node.dispatch.Actors;
import io.sampo.node.edge.Answers;
import io.sampo.node.member.MembershipEffects;
import io.sampo.node.peer.PeerFeature;
import io.sampo.node.peer.ReceivedStates;
import io.sampo.node.peer.StateSnapshots;
import io.sampo.node.raft.RaftActor;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftEnvironment;
import io.sampo.node.raft.RaftEnvironment.SnapshotToInstall;
import io.sampo.node.request.Consensus;
import io.sampo.node.request.LateAnswers;
import io.sampo.node.request.ReadBarrier;
import io.sampo.node.request.RequestExpiry;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.request.SlowApplyMetrics;
import io.sampo.node.request.SpaceAlarm;
import io.sampo.node.request.TraceLines;
import io.sampo.node.state.ApplyEvent;
import io.sampo.persistence.log.LogActor;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * The lower half of a member: the state machine, Raft, and what requests go through. Nothing here
 * knows what a request means. What becomes of the state is told to subscribers, once all have
 * subscribed and {@link #begin} was called.
 */
public final class Replica {
  private final Actors actors;
  private final MemberSetup setup;
  private final RestoredState restored;
  private final Member.Signals signals;
  private final NodeConfig config;
  private final LongSupplier nanoTime;

  private final MemberSetup.Network network;
  private final RequestMetrics requestMetrics;
  private final SlowApplyMetrics slowApplies;
  private final ActorRef<Applier.Command> applier;
  private final ReceivedStates received;
  private final StateSnapshots toSend;
  private final Consensus consensus;
  private final PeerFeature peers;

  Replica(Actors actors, MemberSetup setup, RestoredState restored, Member.Signals signals) {
    this.actors = actors;
    this.setup = setup;
    this.restored = restored;
    this.signals = signals;
    this.config = setup.config();
    this.nanoTime = setup.sources().nanoTime();

    network = setup.network().apply(restored);
    var pending = Consensus.Pending.create(nanoTime, config.requestTimeoutNanos());
    slowApplies =
        new SlowApplyMetrics(restored.metrics(), config.timing().warningApplyDurationNanos());
    requestMetrics =
        new RequestMetrics(
            restored.metrics(),
            nanoTime,
            pending.requests()::size,
            new TraceLines(setup.sources().currentMillis()));
    StoreFamilies.register(restored.metrics(), restored.state(), config.storage().quotaBytes());
    applier = createApplier(pending);
    received = createReceivedStates();
    toSend = new StateSnapshots(restored.state(), actors.blocking());
    consensus = createConsensus(createRaft(), pending);
    peers =
        PeerFeature.create(
            actors,
            consensus,
            network.peers(),
            toSend,
            new PeerFeature.Clocks(nanoTime, setup.sources().currentMillis()),
            config.requestTimeoutNanos(),
            signals.refusedAsRemoved());
    actors.spawn("request-expiry", createRequestExpiry());
  }

  /** Who is told from now on what becomes of the state; before {@link #begin} only. */
  void subscribe(Consumer<ApplyEvent> subscriber) {
    applier.tell(new Applier.Subscribe(subscriber));
  }

  /**
   * The features have subscribed: what was committed is applied from now on. The read barrier is
   * told last: who reads behind it asks the lessor, say, who has to know of the same entries by
   * then.
   */
  void begin() {
    subscribe(new RaftNotices(consensus.raft()));
    subscribe(
        new MembershipEffects(
            consensus.clusterId(), consensus.memberId(), peers.peers(), signals.removed()));
    subscribe(new SpaceAlarm(consensus.gate(), consensus.answered().requests()));
    subscribe(ReadBarrier.subscription(consensus.barrier()));
    applier.tell(Applier.Begin.INSTANCE);
  }

  private ActorRef<Applier.Command> createApplier(Consensus.Pending pending) {
    var snapshotter =
        actors.spawnBlocking(
            "snapshotter",
            Snapshotter.create(
                setup.disk().snapshots(),
                config.storage().maxSnapshots(),
                new SnapshotMetrics(restored.metrics())));
    return actors.spawn(
        "applier",
        Applier.create(
            restored.machine(),
            restored.state(),
            new Applier.Answers(
                pending.requests(),
                pending.changes(),
                new TokenEvents(setup.tokens(), restored.machine().auth())),
            snapshotter,
            new Applier.CompactionPace(
                config.compaction().batchLimit(),
                Duration.ofNanos(config.compaction().sleepIntervalNanos())),
            config.storage().snapshotCount(),
            new ApplyMetrics(restored.metrics(), slowApplies, setup.sources().currentMillis()),
            new CompactionHashes(restored.hashes(), actors.longWork()),
            nanoTime));
  }

  private ReceivedStates createReceivedStates() {
    return new ReceivedStates(
        setup.disk().received(),
        setup.disk().snapshots()::usableBytes,
        RestoredState.settings(config),
        () -> restored.status().get().appliedIndex(),
        actors.blocking(),
        actors.materializer());
  }

  private ActorRef<RaftCommand> createRaft() {
    return actors.spawn(
        "raft",
        RaftActor.create(
            restored.raft(),
            new RaftEnvironment(
                owner ->
                    actors.intercepted(
                        "log", LogActor.create(LogActor.NAME, owner, setup.disk().log())),
                entries -> applier.tell(new Applier.Apply(entries)),
                this::install,
                signals.leadership(),
                network.transport(),
                restored.status()::set,
                signals.logBegun(),
                restored.raftMetrics(),
                setup.sources().newRandom().get(),
                setup.instruments().rules())));
  }

  private void install(SnapshotToInstall snapshot) {
    long index = snapshot.snapshot().getMetadata().getIndex();
    applier.tell(
        new Applier.Install(
            received
                .take(index)
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "Raft wants the snapshot of entry %d, which has not come"
                                .formatted(index)))));
  }

  private Consensus createConsensus(ActorRef<RaftCommand> raft, Consensus.Pending pending) {
    return Consensus.create(
        actors,
        setup.identity(),
        restored.state(),
        restored.status(),
        restored.machine().quota(),
        raft,
        pending,
        new Answers(actors.clients()),
        new Consensus.Settings(
            config.requestTimeoutNanos(),
            config.limits().maxRequestBytes(),
            config.featureGates().isEnabled(Gate.PriorityRequest),
            setup.instruments().proposals()),
        requestMetrics,
        nanoTime,
        setup.sources().currentMillis());
  }

  private Behavior<RequestExpiry.Command> createRequestExpiry() {
    return RequestExpiry.create(
        List.of(consensus.answered().requests(), consensus.answered().changes()),
        new LateAnswers(
            consensus.status(),
            consensus.status()::leaderSinceNanos,
            config.electionTimeoutByTicksNanos(),
            network
                .peers()
                .map(own -> own.connections(consensus::cluster))
                .orElse(LateAnswers.Connections.PERFECT)),
        requestMetrics);
  }

  /** What requests go through. */
  public Consensus consensus() {
    return consensus;
  }

  /** States that leaders send. */
  public ReceivedStates received() {
    return received;
  }

  /** The state that goes to a peer with a snapshot. */
  public StateSnapshots toSend() {
    return toSend;
  }

  MemberSetup.Network network() {
    return network;
  }

  PeerFeature peers() {
    return peers;
  }

  RequestMetrics requestMetrics() {
    return requestMetrics;
  }

  SlowApplyMetrics slowApplies() {
    return slowApplies;
  }
}
