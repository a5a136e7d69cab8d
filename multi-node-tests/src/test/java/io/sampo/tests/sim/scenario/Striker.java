package io.sampo.tests.sim.scenario;

import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.fault.StrikePlan;
import io.sampo.tests.sim.kernel.SimProcess;
import io.sampo.tests.sim.kernel.World;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Carries out a {@link StrikePlan}: what a fault at a random moment meets once in a million
 * histories, such as figure 8 of the Raft paper, it brings about.
 */
final class Striker implements Observer {
  private record Reign(SimMember member, long term) {}

  private final World world;
  private final StrikePlan plan;
  private final RandomGenerator random;
  private final Timeline timeline;
  private final Set<Reign> seen = new HashSet<>();
  private SimCluster cluster;
  private int strikes;

  Striker(World world, StrikePlan plan, Timeline timeline) {
    this.world = world;
    this.plan = plan;
    this.timeline = timeline;
    this.random = world.newRandom();
  }

  void start(SimCluster target) {
    cluster = target;
  }

  void stop() {
    cluster = null;
  }

  int strikes() {
    return strikes;
  }

  @Override
  public void onRaftStep(SimMember member) {
    RaftStatus status = member.status();
    if (cluster != null
        && status.role() == RoleName.LEADER
        && seen.add(new Reign(member, status.term()))
        && mayStrike(plan.leaderPercent())) {
      soon(random.nextLong(plan.soonNanos()), () -> strikeLeader(member));
    }
  }

  @Override
  public void onSent(SimMember from, Message message) {
    boolean vote = message.getType() == MessageType.MsgVoteResp && !message.getReject();
    if (cluster != null && vote && mayStrike(plan.voterPercent())) {
      soon(
          0,
          () -> {
            cluster.probes().hit("voter crashed right after its vote");
            timeline.fault("crash the voter " + from);
            crash(from, 1 + random.nextLong(3_000_000));
          });
    }
  }

  private boolean mayStrike(int percent) {
    boolean strikes = this.strikes < plan.most() && random.nextInt(100) < percent;
    if (strikes) {
      this.strikes++;
    }
    return strikes;
  }

  private void soon(long nanos, Runnable strike) {
    world.after(
        nanos,
        () -> {
          if (cluster != null) {
            strike.run();
          }
        });
  }

  private void strikeLeader(SimMember leader) {
    if (!leader.isUp()) {
      return;
    }
    cluster.probes().hit("leader struck right after its election");
    long back = 1 + random.nextLong(plan.backNanos());
    switch (random.nextInt(4)) {
      case 0 -> {
        timeline.fault("crash the new leader " + leader);
        crash(leader, back);
      }
      case 1 -> {
        timeline.fault("pause the new leader " + leader);
        SimProcess process = leader.process();
        process.pause();
        soon(back, process::resume);
      }
      case 2 -> cut(leader, true, back);
      default -> cut(leader, false, back);
    }
  }

  private void crash(SimMember member, long back) {
    cluster.crash(member);
    soon(back, () -> cluster.restart(member));
  }

  /** It is still heard, or hears nothing either. */
  private void cut(SimMember member, boolean hears, long back) {
    timeline.fault("cut off the new leader " + member);
    for (SimMember other : cluster.members()) {
      cluster.network().cut(member.number(), other.number());
      if (!hears) {
        cluster.network().cut(other.number(), member.number());
      }
    }
    soon(back, () -> cluster.network().heal());
  }
}
