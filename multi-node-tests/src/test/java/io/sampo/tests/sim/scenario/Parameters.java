package io.sampo.tests.sim.scenario;

import io.sampo.node.raft.RaftLimits;
import io.sampo.tests.sim.client.KeyClient;
import io.sampo.tests.sim.cluster.ClusterSettings;
import io.sampo.tests.sim.fault.DiskSettings;
import io.sampo.tests.sim.fault.FaultPlan;
import io.sampo.tests.sim.fault.NetworkSettings;
import io.sampo.tests.sim.fault.StrikeKind;
import io.sampo.tests.sim.fault.StrikePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Everything that differs between histories, drawn from the seed.
 *
 * @param swarmNanos how long faults and clients go on
 * @param changePauseNanos the mean time between two changes of the members; 0 for none
 * @param restoredMembers of the cluster that is restored from what this one leaves; 0 for none
 * @param readPauseNanos the mean time between two reads of a hasty client
 * @param users clients that have users' tokens, who are then the only ones; 0 for a history without
 *     authentication
 * @param roleChangePauseNanos the mean time between two changes of users and roles
 */
public record Parameters(
    ClusterSettings cluster,
    FaultPlan faults,
    int keyClients,
    KeyClient.Habits habits,
    int watchClients,
    int leaseClients,
    long swarmNanos,
    StrikePlan strikes,
    int hastyClients,
    long readPauseNanos,
    long changePauseNanos,
    int lockClients,
    int restoredMembers,
    int users,
    long roleChangePauseNanos) {

  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  /** What the seed stands for. */
  public static Parameters of(long seed) {
    SplittableRandom random = new SplittableRandom(seed * 31 + 7);
    ClusterSettings drawn = cluster(random, members(random));
    FaultPlan faults = faults(random);
    int keyClients = 1 + random.nextInt(5);
    KeyClient.Habits habits = habits(random);
    int watchClients = random.nextInt(4);
    // Lessors look at their leases ten times a second; shorter elections are not for them.
    int leaseClients = drawn.longestElectionNanos() < SECOND ? 0 : random.nextInt(3);
    long swarmNanos = (4 + random.nextInt(8)) * SECOND;
    StrikePlan strikes = strikes(random, drawn);
    boolean oneByOne = strikes.most() > 0 && random.nextBoolean();
    long catchUp =
        random.nextInt(4) == 0 ? 1_000_000 : random.nextInt(random.nextBoolean() ? 3 : 20);
    Parameters parameters =
        new Parameters(
            (oneByOne ? drawn.withLimits(oneByOne(drawn.limits())) : drawn).withCatchUp(catchUp),
            faults,
            keyClients,
            habits,
            watchClients,
            leaseClients,
            swarmNanos,
            strikes,
            random.nextInt(2),
            (10 + random.nextInt(60)) * MILLI,
            random.nextInt(3) == 0 ? (200 + random.nextInt(1_500)) * MILLI : 0,
            drawn.longestElectionNanos() < SECOND ? 0 : Math.max(0, random.nextInt(6) - 2),
            random.nextInt(8) == 0 ? 1 + random.nextInt(3) : 0,
            0,
            0);
    return parameters
        .withDisks(new SplittableRandom(seed * 37 + 11))
        .withUsers(new SplittableRandom(seed * 41 + 13));
  }

  /** In one history of eight, drawn apart; the others are as they were. */
  private Parameters withUsers(SplittableRandom random) {
    if (random.nextInt(8) != 0) {
      return this;
    }
    return new Parameters(
        cluster,
        faults,
        0,
        habits,
        0,
        0,
        swarmNanos,
        strikes,
        0,
        readPauseNanos,
        0,
        0,
        0,
        2 + random.nextInt(3),
        (30 + random.nextInt(400)) * MILLI);
  }

  /** Lessors look at their leases ten times a second; shorter elections are not for them. */
  boolean lessorsAreInTime() {
    return cluster.longestElectionNanos() >= SECOND;
  }

  /** Drawn apart, so that all else of a seed is as it was. */
  private Parameters withDisks(SplittableRandom random) {
    int standstills = random.nextInt(4) == 0 || cluster.members() == 1 ? 1 + random.nextInt(5) : 0;
    ClusterSettings disks =
        cluster.withDisk(
            cluster.disk().withShortage(random.nextInt(3) == 0 ? random.nextInt(400) : 0));
    int diskTicks = 2 + random.nextInt(40);
    return new Parameters(
        standstills > 0 ? disks.withLimits(withDiskTicks(disks.limits(), diskTicks)) : disks,
        faults.withStandstills(standstills),
        keyClients,
        habits,
        watchClients,
        leaseClients,
        swarmNanos,
        strikes,
        hastyClients,
        readPauseNanos,
        changePauseNanos,
        lockClients,
        restoredMembers,
        users,
        roleChangePauseNanos);
  }

  /** Those of the restored cluster, which lives for a shorter time. */
  Parameters afterRestore() {
    return new Parameters(
        cluster.withMembers(restoredMembers),
        faults,
        keyClients,
        habits,
        watchClients,
        leaseClients,
        swarmNanos / 3,
        strikes,
        hastyClients,
        readPauseNanos,
        changePauseNanos,
        lockClients,
        0,
        users,
        roleChangePauseNanos);
  }

  private static StrikePlan strikes(SplittableRandom random, ClusterSettings cluster) {
    StrikePlan plan =
        new StrikePlan(
            often(random),
            often(random),
            percent(random) / 2,
            percent(random),
            4 + random.nextInt(30),
            random.nextBoolean() ? 1 : (1 + random.nextInt(30)) * MILLI,
            1 + random.nextLong(2 * cluster.longestElectionNanos()),
            kinds(random));
    return random.nextInt(2) == 0 ? plan : StrikePlan.NONE;
  }

  /** Few at a time: some bugs show only when the same thing happens again. */
  private static List<StrikeKind> kinds(SplittableRandom random) {
    List<StrikeKind> kinds = new ArrayList<>();
    StrikeKind[] all = StrikeKind.values();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      kinds.add(all[random.nextInt(all.length)]);
    }
    return kinds;
  }

  private static int often(SplittableRandom random) {
    return random.nextInt(4) == 0 ? 0 : Math.min(random.nextInt(150), 100);
  }

  private static int percent(SplittableRandom random) {
    int drawn = random.nextInt(150);
    return random.nextBoolean() ? 0 : Math.min(drawn, 100);
  }

  /** Every append carries one entry, so that what a new leader inherits goes before its own. */
  private static RaftLimits oneByOne(RaftLimits limits) {
    return new RaftLimits(
        1,
        limits.maxInflightMessages(),
        limits.maxBatchEntries(),
        limits.maxBatchBytes(),
        limits.maxUncommittedEntries(),
        limits.maxUncommittedBytes(),
        limits.maxHeldEntries(),
        limits.maxPendingReads(),
        limits.maxStashed(),
        limits.requestTicks(),
        limits.readRetryTicks(),
        limits.diskTicks());
  }

  private static int members(SplittableRandom random) {
    int[] sizes = {1, 2, 3, 3, 3, 3, 3, 3, 3, 4, 5, 5, 7};
    return sizes[random.nextInt(sizes.length)];
  }

  private static ClusterSettings cluster(SplittableRandom random, int members) {
    return new ClusterSettings(
        members,
        20 + random.nextInt(100),
        random.nextInt(3) == 0 ? 3 + random.nextInt(5) : 10,
        random.nextInt(4) != 0,
        random.nextInt(4) == 0 ? 1_000_000 : 3 + random.nextInt(random.nextBoolean() ? 15 : 100),
        1_000_000,
        random.nextInt(4),
        random.nextBoolean(),
        random.nextInt(500),
        limits(random),
        network(random),
        disk(random));
  }

  private static RaftLimits limits(SplittableRandom random) {
    RaftLimits usual = RaftLimits.DEFAULT;
    return random.nextBoolean()
        ? usual
        : new RaftLimits(
            1 + random.nextInt(2_000),
            1 + random.nextInt(8),
            1 + random.nextInt(20),
            1 + random.nextInt(5_000),
            10 + random.nextInt(200),
            usual.maxUncommittedBytes(),
            usual.maxHeldEntries(),
            1 + random.nextInt(20),
            usual.maxStashed(),
            usual.requestTicks(),
            1 + random.nextInt(10),
            usual.diskTicks());
  }

  private static NetworkSettings network(SplittableRandom random) {
    boolean calm = random.nextInt(3) == 0;
    return new NetworkSettings(
        50_000,
        1 * MILLI + random.nextLong(10 * MILLI),
        calm ? 0 : random.nextInt(60),
        calm ? 0 : random.nextInt(60),
        calm ? 0 : random.nextInt(50),
        random.nextLong(SECOND) + MILLI,
        random.nextBoolean() ? 0 : random.nextLong(3 * SECOND),
        calm ? 0 : random.nextInt(800),
        calm ? 0 : random.nextInt(800),
        random.nextBoolean());
  }

  private static DiskSettings disk(SplittableRandom random) {
    boolean calm = random.nextInt(3) == 0;
    return new DiskSettings(
        50_000,
        100_000 + random.nextLong(20 * MILLI),
        calm ? 0 : random.nextInt(10),
        random.nextLong(2 * SECOND),
        calm ? 0 : random.nextInt(4) * 600,
        calm ? 0 : random.nextInt(100),
        calm ? 0 : random.nextInt(100),
        0);
  }

  private static FaultPlan faults(SplittableRandom random) {
    return new FaultPlan(
        (200 + random.nextLong(2_000)) * MILLI,
        (100 + random.nextLong(5_000)) * MILLI,
        weight(random),
        weight(random),
        weight(random),
        weight(random),
        weight(random),
        weight(random),
        weight(random),
        random.nextInt(6) == 0 ? 1 : 0,
        weight(random),
        weight(random) / 4,
        random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0,
        random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0,
        weight(random),
        random.nextInt(3) == 0 ? 0 : 3 + random.nextInt(10),
        0);
  }

  /** A history is too short for the bound that production has. */
  private static RaftLimits withDiskTicks(RaftLimits limits, int diskTicks) {
    return new RaftLimits(
        limits.maxMessageBytes(),
        limits.maxInflightMessages(),
        limits.maxBatchEntries(),
        limits.maxBatchBytes(),
        limits.maxUncommittedEntries(),
        limits.maxUncommittedBytes(),
        limits.maxHeldEntries(),
        limits.maxPendingReads(),
        limits.maxStashed(),
        limits.requestTicks(),
        limits.readRetryTicks(),
        diskTicks);
  }

  private static int weight(SplittableRandom random) {
    return random.nextBoolean() ? 0 : 1 + random.nextInt(10);
  }

  private static KeyClient.Habits habits(SplittableRandom random) {
    return new KeyClient.Habits(
        1 + random.nextInt(6),
        (1 + random.nextLong(150)) * MILLI,
        20 + random.nextInt(70),
        random.nextInt(50),
        random.nextInt(3) * 10);
  }
}
