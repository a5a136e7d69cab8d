package io.sampo.tests.sim.cluster;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.bootstrap.Bootstrap;
import io.sampo.node.bootstrap.ClusterIdentity;
import io.sampo.node.member.RemovedMemberException;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.server.Member;
import io.sampo.node.server.MemberSetup;
import io.sampo.node.server.RestoredState;
import io.sampo.node.server.Services;
import io.sampo.node.server.Supervisor;
import io.sampo.node.state.NodeState;
import io.sampo.persistence.datadir.Identity;
import io.sampo.persistence.log.LogActor;
import io.sampo.persistence.snapshot.SnapshotId;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.tests.sim.fault.DiskSetup;
import io.sampo.tests.sim.fault.SimDisk;
import io.sampo.tests.sim.kernel.PowerCut;
import io.sampo.tests.sim.kernel.SimProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;

/** A member: a disk that stays, and a process that comes and goes. */
public final class SimMember {
  private final SimCluster cluster;
  private final int number;
  private final NodeConfig config;
  private final Identity identity;
  private final SimDisk disk;
  private final Path directory;
  private final RandomGenerator random;
  private final SimMemberSetup setups;
  private final double clockRate;
  private int starts;
  private boolean prepared = true;
  private boolean established;
  private boolean lost;
  private boolean removed;
  private long wallOffsetMillis;
  private Optional<SnapshotRot> rot = Optional.empty();
  private boolean serving;
  private SimProcess process;
  private ActorSystem<Supervisor.Command> system;
  private MemberSetup setup;
  private RestoredState restored;
  private Member member;
  private Services services;

  private SimMember(
      SimCluster cluster,
      int number,
      NodeConfig config,
      Path directory,
      Identity identity,
      List<Entry> bootstrap) {
    this.cluster = cluster;
    this.number = number;
    this.config = config;
    this.directory = directory;
    this.identity = identity;
    this.random = cluster.world().newRandom();
    ClusterSettings settings = cluster.settings();
    this.disk = new SimDisk(cluster.world(), cluster.probes(), settings.disk());
    int drift = settings.clockDriftPerMillion();
    this.clockRate = 1 + (drift == 0 ? 0 : (random.nextInt(2 * drift) - drift) / 1e6);
    this.setups = new SimMemberSetup(this, config, bootstrap, random, () -> wallOffsetMillis);
  }

  /** One of those that the cluster begins with. */
  static SimMember initial(SimCluster cluster, int number, Path directory) {
    return founder(cluster, number, directory, true);
  }

  /** One whose directory holds a restored state. */
  static SimMember restored(SimCluster cluster, int number, Path directory) {
    return founder(cluster, number, directory, false);
  }

  private static SimMember founder(
      SimCluster cluster, int number, Path directory, boolean beginsLog) {
    NodeConfig config = MemberConfig.of(cluster.settings(), number, directory);
    try {
      ClusterIdentity identity = ClusterIdentity.bootstrap(config);
      return new SimMember(
          cluster,
          number,
          config,
          directory,
          new Identity(identity.memberId(), identity.clusterId()),
          beginsLog ? Bootstrap.entries(config, identity) : List.of());
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One that was added, with the id that it was given; its log is empty. */
  static SimMember joining(SimCluster cluster, int number, Path directory, Identity identity) {
    NodeConfig config = MemberConfig.of(cluster.settings(), number, directory);
    return new SimMember(cluster, number, config, directory, identity, List.of());
  }

  /** Its log begins after a restored state; {@link #isPrepared} tells when that is durable. */
  void prepareLog(SnapshotId state, ConfState members) {
    prepared = false;
    disk.become(cluster.settings().disk().healthy());
    SimProcess preparing = new SimProcess(cluster.world(), config.name() + "-restore", 1, 0);
    preparing.start(
        LogPreparation.create(
            LogActor.NAME,
            state,
            members,
            () ->
                cluster
                    .world()
                    .after(
                        1,
                        () -> {
                          preparing.crash();
                          disk.become(cluster.settings().disk());
                          established = true;
                          prepared = true;
                        })),
        new DiskSetup(disk, preparing));
  }

  boolean isPrepared() {
    return prepared;
  }

  // ---- starts and ends ----

  void start() {
    starts++;
    process =
        new SimProcess(
            cluster.world(),
            config.name() + "-" + starts,
            clockRate,
            random.nextLong(1_000_000_000_000L));
    SimProcess mine = process;
    try {
      setup = process.inside(() -> setups.of(established));
      restored = process.inside(this::restore);
    } catch (RuntimeException e) {
      onBroken(mine, e);
      return;
    } catch (PowerCut cut) {
      cluster.onEnded(this);
      return;
    }
    cluster.observer().onStarted(this);
    system =
        process.start(
            Supervisor.create(
                setup,
                restored,
                new Supervisor.Listener(
                    made -> onAssembled(mine, made),
                    established ? Optional.empty() : Optional.of(() -> onEstablished(mine)),
                    () -> onPublished(mine),
                    cause -> onBroken(mine, cause))),
            new DiskSetup(disk, process));
  }

  private void onAssembled(SimProcess whose, Member made) {
    if (whose == process && !whose.isCrashed()) {
      member = made;
      services = whose.inside(() -> new Services(made));
    }
  }

  private void onPublished(SimProcess whose) {
    if (whose == process && !whose.isCrashed()) {
      serving = true;
      checkRot();
      disk.repaired();
    }
  }

  private RestoredState restore() {
    try {
      return RestoredState.of(setup);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a message to a peer. */
  public void send(Message message) {
    cluster.send(this, message);
  }

  private void onEstablished(SimProcess whose) {
    if (whose == process && !whose.isCrashed()) {
      established = true;
    }
  }

  private void onBroken(SimProcess whose, Throwable cause) {
    if (whose != process || whose.isCrashed()) {
      return;
    }
    if (cause instanceof RemovedMemberException) {
      leave();
      return;
    }
    boolean excused = disk.excusesEnd(process);
    end("broken: " + rootOf(cause));
    lost |= disk.isDamaged();
    cluster.onEnded(this);
    if (!excused) {
      cluster.onUnexcusedEnd(this, cause);
    }
  }

  private static Throwable rootOf(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** The power goes: what is not durable is lost. */
  void end(String why) {
    if (!isUp()) {
      return;
    }
    process.crash();
    cluster.onProcessEnded(process);
    disk.powerCut();
    serving = false;
    member = null;
    services = null;
    cluster.observer().onEnded(this, why);
  }

  /** Somebody sets its wall clock. */
  public void setWallClock(long offsetMillis) {
    wallOffsetMillis = offsetMillis;
  }

  /**
   * Flips one bit of its newest snapshot; false if there is none. It may do without it, or end for
   * good.
   */
  boolean rotSnapshot() {
    Optional<SnapshotRot> flipped = SnapshotRot.inNewest(directory, random);
    if (flipped.isPresent()) {
      rot = flipped;
      disk.damage();
    }
    return flipped.isPresent();
  }

  /** What is rotten must have been found: it is not there any more under its name. */
  private void checkRot() {
    rot.filter(SnapshotRot::isInPlace)
        .ifPresent(
            rotten ->
                cluster.onUnexcusedEnd(
                    this,
                    new IllegalStateException("it serves beside the rotten " + rotten.file())));
    rot = Optional.empty();
  }

  /** It will not come back: its disk is damaged. */
  void giveUp() {
    lost = true;
    end("given up");
  }

  /** It has heard that it is no member any more, and ends for good. */
  void leave() {
    removed = true;
    end("removed from the cluster");
  }

  // ---- what others want to know ----

  public boolean isUp() {
    return process != null && !process.isCrashed();
  }

  /** Whether its actors run. */
  public boolean isAssembled() {
    return isUp() && member != null;
  }

  /** Whether its clients are answered. */
  public boolean isServing() {
    return isUp() && serving && services != null;
  }

  /** Whether its disk is damaged for good. */
  public boolean isLost() {
    return lost;
  }

  /** Whether it has ended because it was removed from the cluster. */
  public boolean isRemoved() {
    return removed;
  }

  public int number() {
    return number;
  }

  public String name() {
    return config.name();
  }

  public long id() {
    return identity.memberId();
  }

  Identity identity() {
    return identity;
  }

  public int starts() {
    return starts;
  }

  public SimCluster cluster() {
    return cluster;
  }

  public SimDisk disk() {
    return disk;
  }

  public Path directory() {
    return directory;
  }

  public SimProcess process() {
    return process;
  }

  public Services services() {
    return services;
  }

  /** Null until its actors run. */
  public Member member() {
    return member;
  }

  public RaftStatus status() {
    return restored.status().get();
  }

  public NodeState state() {
    return restored.state().get();
  }

  /** What its process began with. */
  public RestoredState restored() {
    return restored;
  }

  public double clockRate() {
    return clockRate;
  }

  /** Null until its process has started. */
  public ActorSystem<?> system() {
    return system;
  }

  public Materializer materializer() {
    return SystemMaterializer.get(system).materializer();
  }

  @Override
  public String toString() {
    return name();
  }
}
