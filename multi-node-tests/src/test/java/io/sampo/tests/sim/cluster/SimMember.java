package io.sampo.tests.sim.cluster;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.SystemSources;
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
import io.sampo.persistence.log.LogCommand;
import io.sampo.persistence.log.LogSettings;
import io.sampo.persistence.snapshot.SnapshotId;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.tests.sim.fault.DiskSetup;
import io.sampo.tests.sim.fault.SimDisk;
import io.sampo.tests.sim.fault.SimSnapshotDisk;
import io.sampo.tests.sim.kernel.PowerCut;
import io.sampo.tests.sim.kernel.SimProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;

/** A member: a disk that stays, and a process that comes and goes. */
public final class SimMember {
  private static final long EPOCH_MILLIS = 1_700_000_000_000L;
  private static final long JOURNAL_RECLAIM_BYTES = 2_000;

  /** What stands behind a snapshot's pages. */
  private static final int SHA256_BYTES = 32;

  private final SimCluster cluster;
  private final int number;
  private final NodeConfig config;
  private final Identity identity;
  private final List<Entry> bootstrap;
  private final SimDisk disk;
  private final Path directory;
  private final RandomGenerator random;
  private final double clockRate;
  private int starts;
  private boolean prepared = true;
  private boolean established;
  private boolean lost;
  private boolean removed;
  private long wallOffsetMillis;
  private Rotten rotten;
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
    this.bootstrap = bootstrap;
    this.random = cluster.world().newRandom();
    ClusterSettings settings = cluster.settings();
    this.disk = new SimDisk(cluster.world(), cluster.probes(), settings.disk());
    int drift = settings.clockDriftPerMillion();
    this.clockRate = 1 + (drift == 0 ? 0 : (random.nextInt(2 * drift) - drift) / 1e6);
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

  /** A snapshot with a wrong bit. */
  private record Rotten(Path file, byte[] bytes) {
    boolean isInPlace() {
      try {
        return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
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
      setup = process.inside(this::setUp);
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

  private MemberSetup setUp() {
    SystemSources sources =
        new SystemSources(
            process::nanoTime,
            () -> EPOCH_MILLIS + wallOffsetMillis + cluster.world().nowNanos() / 1_000_000,
            () -> new SplittableRandom(random.nextLong()));
    try {
      return new MemberSetup(
          config,
          sources,
          identity,
          established ? List.of() : bootstrap,
          new MemberSetup.Disk(
              LogSettings.defaults("simulated")
                  .withCatchUpEntries(config.storage().snapshotCatchUpEntries())
                  .withReclaimBytes(JOURNAL_RECLAIM_BYTES)
                  .withHistoryExpected(established),
              SnapshotStore.open(
                  directory,
                  sources.nanoTime(),
                  new SimSnapshotDisk(
                      disk, random, cluster.probes(), () -> end("power cut while it wrote"))),
              emptyDirectory(directory.resolve("received"))),
          any -> new MemberSetup.Network(this::send, Optional.empty()),
          new MemberSetup.Instruments(
              cluster.mutation().rules(this),
              new MemberInterceptor(this),
              raft -> raft.withLimits(cluster.settings().limits())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RestoredState restore() {
    try {
      return RestoredState.of(setup);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As production finds it when it starts. */
  private static Path emptyDirectory(Path path) throws IOException {
    Files.createDirectories(path);
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(path)) {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
      }
    }
    return path;
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
    try (Stream<Path> files = Files.list(directory)) {
      Optional<Path> newest =
          files
              .filter(file -> file.toString().endsWith(".snap.db"))
              .max(Comparator.comparing(Path::getFileName));
      if (newest.isEmpty()) {
        return false;
      }
      byte[] bytes = Files.readAllBytes(newest.get());
      // Not in the SHA-256 behind it, which a start does not read (persistence, Seal).
      bytes[random.nextInt(bytes.length - SHA256_BYTES)] ^= (byte) (1 << random.nextInt(8));
      Files.write(newest.get(), bytes);
      rotten = new Rotten(newest.get(), bytes);
      disk.damage();
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is rotten must have been found: it is not there any more under its name. */
  private void checkRot() {
    if (rotten != null && rotten.isInPlace()) {
      cluster.onUnexcusedEnd(
          this, new IllegalStateException("it serves beside the rotten " + rotten.file()));
    }
    rotten = null;
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

  /** Whether no watch stream is open and nobody watches; as its metrics say. */
  public boolean isWithoutWatchSessions() {
    double open = 0;
    for (MetricSnapshot family :
        restored
            .metrics()
            .registry()
            .library()
            .scrape(name -> name.startsWith("etcd_debugging_mvcc_watch"))) {
      for (var point : ((GaugeSnapshot) family).getDataPoints()) {
        open += point.getValue();
      }
    }
    return open == 0;
  }

  /** Actors of watch streams, of waits for locks, and of streams, as Pekko's tree shows them. */
  public List<String> sessions() {
    return system
        .printTree()
        .lines()
        .filter(
            line ->
                line.contains("-> watch-")
                    || line.contains("-> delete-wait-")
                    || line.contains("-> flow-"))
        .map(String::strip)
        .toList();
  }

  public double clockRate() {
    return clockRate;
  }

  public Materializer materializer() {
    return SystemMaterializer.get(system).materializer();
  }

  @Override
  public String toString() {
    return name();
  }

  /** The entries of a log command, for those who only want these. */
  public static List<Entry> entriesOf(LogCommand command) {
    return command instanceof LogCommand.Persist persist ? persist.entries() : List.of();
  }
}
