package io.sampo.tests.sim.scenario;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.RaftCommand;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.fault.FaultPlan;
import io.sampo.tests.sim.fault.Probe;
import io.sampo.tests.sim.fault.Probes;
import io.sampo.tests.sim.kernel.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Carries out a {@link FaultPlan} until it is told to heal everything. */
final class FaultInjector {
  private static final long WALL_CLOCK_MILLIS = 600_000;
  private static final long LOOK_NANOS = 20_000_000;
  private static final long MISSING_NANOS = 6_000_000_000L;
  private static final long MISSED_MORE = 5;
  private static final long STANDSTILL_NANOS = 11_000_000_000L;
  private static final long MOST_MISSED = 1_000;

  private record Fault(int weight, Runnable begin) {}

  private final World world;
  private final SimCluster cluster;
  private final FaultPlan plan;
  private final Probes probes;
  private final Timeline timeline;
  private final RandomGenerator random;
  private final List<Fault> faults = new ArrayList<>();
  private int totalWeight;
  private boolean over;
  private int injected;

  FaultInjector(SimCluster cluster, FaultPlan plan, Timeline timeline) {
    this.world = cluster.world();
    this.cluster = cluster;
    this.plan = plan;
    this.probes = cluster.probes();
    this.timeline = timeline;
    this.random = world.newRandom();
    may(plan.crashes(), this::crash);
    may(plan.pauses(), this::pause);
    may(plan.cuts(), this::cut);
    may(plan.oneWayCuts(), this::cutOneWay);
    may(plan.isolations(), this::isolate);
    may(plan.slowLinks(), this::slow);
    may(plan.stalls(), this::stall);
    may(plan.rot(), this::rot);
    may(plan.transfers(), this::transfer);
    may(plan.restartsOfAll(), this::restartAll);
    may(plan.snapshotRot(), this::rotSnapshot);
    may(plan.fullDisks(), this::fill);
    may(plan.wallClocks(), this::setClock);
    may(plan.transfers(), this::misjudge);
    may(plan.lags(), this::lag);
    may(plan.standstills(), this::standStill);
  }

  private void may(int weight, Runnable begin) {
    if (weight > 0) {
      faults.add(new Fault(weight, begin));
      totalWeight += weight;
    }
  }

  int injected() {
    return injected;
  }

  void start() {
    if (!faults.isEmpty()) {
      world.after(random.nextLong(2 * plan.pauseNanos()), this::next);
    }
  }

  private void next() {
    if (over) {
      return;
    }
    int at = random.nextInt(totalWeight);
    for (Fault fault : faults) {
      at -= fault.weight();
      if (at < 0) {
        injected++;
        fault.begin().run();
        break;
      }
    }
    start();
  }

  private long duration() {
    return 1 + random.nextLong(plan.lastNanos());
  }

  /** Leaders are hit more often than by chance. */
  private SimMember victim() {
    if (random.nextInt(3) == 0 && cluster.leader().isPresent()) {
      return cluster.leader().get();
    }
    return cluster.members().get(random.nextInt(cluster.members().size()));
  }

  private void later(Runnable undo) {
    world.after(
        duration(),
        () -> {
          if (!over) {
            undo.run();
          }
        });
  }

  private void crash() {
    SimMember member = victim();
    timeline.fault("crash " + member);
    cluster.crash(member);
    // Of a power cut nobody is told; after the end of a process, its machine refuses connections.
    if (random.nextBoolean()) {
      cluster.members().forEach(other -> cluster.tellGone(other, member));
    }
    later(() -> cluster.restart(member));
  }

  private void restartAll() {
    timeline.fault("crash all");
    probes.hit(Probe.ALL_MEMBERS_CRASHED_TOGETHER);
    cluster.members().forEach(cluster::crash);
    cluster.members().forEach(member -> later(() -> cluster.restart(member)));
  }

  private void pause() {
    SimMember member = victim();
    if (!member.isUp() || member.process().isPaused()) {
      return;
    }
    timeline.fault("pause " + member);
    probes.hit(Probe.MEMBER_PAUSED);
    var process = member.process();
    process.pause();
    later(
        () -> {
          timeline.fault("resume " + member);
          process.resume();
        });
  }

  private void cutOneWay() {
    SimMember from = victim();
    SimMember to = victim();
    timeline.fault("cut " + from + " -> " + to);
    probes.hit(Probe.ONE_WAY_CUT);
    cluster.network().cut(from.number(), to.number());
    later(this::healNetwork);
  }

  private void cut() {
    timeline.fault("partition");
    probes.hit(Probe.PARTITION);
    int side = random.nextInt(1 << cluster.members().size());
    for (SimMember from : cluster.members()) {
      for (SimMember to : cluster.members()) {
        if ((side >> from.number() & 1) != (side >> to.number() & 1)) {
          cluster.network().cut(from.number(), to.number());
        }
      }
    }
    later(this::healNetwork);
  }

  private void isolate() {
    SimMember member = victim();
    timeline.fault("isolate " + member);
    probes.hit(Probe.MEMBER_ISOLATED);
    boolean breaks = random.nextBoolean();
    for (SimMember other : cluster.members()) {
      if (breaks) {
        cluster.network().breakStream(member.number(), other.number());
        cluster.network().breakStream(other.number(), member.number());
      }
      cluster.network().cut(member.number(), other.number());
      cluster.network().cut(other.number(), member.number());
    }
    later(this::healNetwork);
  }

  private void healNetwork() {
    timeline.fault("network healed");
    cluster.network().heal();
  }

  private void slow() {
    SimMember from = victim();
    SimMember to = victim();
    timeline.fault("slow " + from + " -> " + to);
    probes.hit(Probe.SLOW_LINK);
    cluster.network().slow(from.number(), to.number(), duration() / 4);
    later(this::healNetwork);
  }

  private void stall() {
    SimMember member = victim();
    timeline.fault("stall disk of " + member);
    member.disk().stall(duration());
  }

  private void rot() {
    SimMember member = victim();
    if (!mayLose(member)) {
      return;
    }
    cluster.crash(member);
    if (member.disk().rot()) {
      timeline.fault("flip a bit on the disk of " + member);
      cluster.restart(member);
      cluster.lose(member);
    }
  }

  /** At most a minority may lose what it has promised to keep. */
  private boolean mayLose(SimMember member) {
    long lost =
        cluster.members().stream().filter(each -> each.isLost() || each.disk().isDamaged()).count();
    boolean whole = !member.isLost() && !member.isRemoved() && !member.disk().isDamaged();
    return whole && 2 * (lost + 1) < cluster.settings().members();
  }

  private void rotSnapshot() {
    SimMember member = victim();
    if (!mayLose(member)) {
      return;
    }
    cluster.crash(member);
    if (cluster.rotSnapshot(member)) {
      timeline.fault("flip a bit in a snapshot of " + member);
    }
    later(() -> cluster.restart(member));
  }

  private void fill() {
    SimMember member = victim();
    timeline.fault("disk of " + member + " is full");
    member.disk().fill(true);
    later(
        () -> {
          timeline.fault("disk of " + member + " has space again");
          member.disk().fill(false);
          cluster.restart(member);
        });
  }

  /** Its member waits for it; who leads others lets one of them lead. */
  private void standStill() {
    SimMember member = cluster.leader().orElseGet(this::victim);
    timeline.fault("the disk of " + member + " stands still");
    member.disk().stall(STANDSTILL_NANOS + duration());
    if (cluster.settings().members() == 1) {
      waitFor(
          () -> isLate(member) && member.status().isLeader(),
          () -> probes.hit(Probe.LONE_MEMBER_WAITED_FOR_ITS_DISK));
    } else if (member.isUp() && member.status().isLeader()) {
      long term = member.status().term();
      waitFor(
          () -> isLate(member) && !member.status().isLeader() && member.status().term() == term,
          () -> probes.hit(Probe.LEADER_GAVE_UP_LEADING_FOR_ITS_DISK));
    }
  }

  private static boolean isLate(SimMember member) {
    return member.isUp() && member.restored().raftMetrics().isWriteLate();
  }

  private void setClock() {
    SimMember member = victim();
    long offsetMillis = random.nextLong(2 * WALL_CLOCK_MILLIS) - WALL_CLOCK_MILLIS;
    timeline.fault("set the wall clock of " + member + " to " + offsetMillis + " ms");
    probes.hit(Probe.WALL_CLOCK_SET);
    member.setWallClock(offsetMillis);
  }

  private void transfer() {
    cluster
        .leader()
        .filter(SimMember::isAssembled)
        .ifPresent(
            leader -> {
              SimMember to = victim();
              timeline.fault("transfer leadership from " + leader + " to " + to);
              probes.hit(Probe.LEADERSHIP_TRANSFER_ASKED_FOR);
              leader
                  .member()
                  .replica()
                  .consensus()
                  .raft()
                  .tell(new RaftCommand.TransferLeadership(to.id(), ReplyTo.nobody()));
            });
  }

  /** Cut off until it has missed more than the others' logs hold, so that it needs a snapshot. */
  private void lag() {
    long missed =
        cluster.settings().snapshotCount() + cluster.settings().catchUpEntries() + MISSED_MORE;
    if (missed > MOST_MISSED) {
      return;
    }
    SimMember member = victim();
    timeline.fault(member + " falls behind");
    probes.hit(Probe.MEMBER_FELL_BEHIND);
    for (SimMember other : cluster.members()) {
      cluster.network().cut(member.number(), other.number());
      cluster.network().cut(other.number(), member.number());
    }
    long until = world.nowNanos() + Math.max(MISSING_NANOS, plan.lastNanos());
    waitFor(
        () ->
            world.nowNanos() > until
                || !member.isUp()
                || cluster
                    .leader()
                    .filter(leader -> leader != member)
                    .filter(
                        leader ->
                            leader.status().committedIndex()
                                > member.status().committedIndex() + missed)
                    .isPresent(),
        this::healNetwork);
  }

  private void waitFor(BooleanSupplier condition, Runnable then) {
    world.after(
        LOOK_NANOS,
        () -> {
          if (!over && condition.getAsBoolean()) {
            then.run();
          } else if (!over) {
            waitFor(condition, then);
          }
        });
  }

  /** Somebody takes a member for dead that is not. */
  private void misjudge() {
    SimMember misled = cluster.members().get(random.nextInt(cluster.members().size()));
    SimMember alive = victim();
    timeline.fault(misled + " takes " + alive + " for dead");
    probes.hit(Probe.A_LIVING_MEMBER_TAKEN_FOR_DEAD);
    cluster.tellGone(misled, alive);
  }

  /** Everything is whole again and stays so; what is lost stays lost. */
  void heal() {
    over = true;
    timeline.fault("all faults end");
    cluster.heal();
  }
}
