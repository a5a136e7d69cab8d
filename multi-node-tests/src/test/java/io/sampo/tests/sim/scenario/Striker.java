package io.sampo.tests.sim.scenario;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.tests.sim.cluster.Observer;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.fault.Probe;
import io.sampo.tests.sim.fault.StrikePlan;
import io.sampo.tests.sim.kernel.SimProcess;
import io.sampo.tests.sim.kernel.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Carries out a {@link StrikePlan}: what a fault at a random moment meets once in a million
 * histories, such as figure 8 of the Raft paper, it brings about.
 */
final class Striker implements Observer {
  private static final long AGAIN_NANOS = 20_000_000;

  /** The longest from an election until what came too late for the last term arrives. */
  private static final long LATE_NANOS = 20_000_000;

  /** Revokes a lease that nobody has: an entry that changes nothing. */
  private static final byte[] NOTHING =
      InternalRaftRequest.newBuilder()
          .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(Long.MAX_VALUE))
          .build()
          .toByteArray();

  private static final int MOST_PROPOSALS = 8;

  private record Leadership(SimMember leader, long term) {}

  private record Candidacy(SimMember candidate, long term) {}

  /** A candidate, and whom it reaches. */
  private record Campaign(SimMember candidate, long term, Set<Long> reached) {}

  private final World world;
  private final StrikePlan plan;
  private final RandomGenerator random;
  private final Timeline timeline;
  private final Set<Leadership> led = new HashSet<>();
  private final Set<Candidacy> campaigned = new HashSet<>();
  private final Map<Leadership, Long> commitAtBegin = new HashMap<>();
  private final LateAnswers lateAnswers = new LateAnswers();
  private Campaign campaign;
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
    if (cluster == null || status.role() != RoleName.LEADER) {
      return;
    }
    Leadership leadership = new Leadership(member, status.term());
    if (led.add(leadership)) {
      commitAtBegin.put(leadership, status.committedIndex());
      lateAnswers.onElected(member, status.term(), this::arriveLate);
      if (mayStrike(plan.leaderPercent())) {
        soon(
            random.nextLong(plan.soonNanos()),
            () -> strikeLeader(member, Probe.LEADER_STRUCK_JUST_ELECTED));
      }
    } else if (status.committedIndex() > commitAtBegin.getOrDefault(leadership, Long.MAX_VALUE)) {
      commitAtBegin.remove(leadership);
      if (mayStrike(plan.commitPercent())) {
        soon(0, () -> strikeLeader(member, Probe.LEADER_STRUCK_AFTER_ITS_FIRST_COMMIT));
      }
    }
  }

  @Override
  public void onSent(SimMember from, Message message) {
    if (cluster == null) {
      return;
    }
    lateAnswers.onSent(from, message);
    if (message.getType() == MessageType.MsgVote) {
      onCampaign(new Candidacy(from, message.getTerm()));
    } else if (message.getType() == MessageType.MsgVoteResp && !message.getReject()) {
      onVote(from, message);
    }
  }

  /** Whom it does not reach will be a candidate in the same term. */
  private void onCampaign(Candidacy candidacy) {
    if (!campaigned.add(candidacy) || !mayStrike(plan.campaignPercent())) {
      return;
    }
    List<SimMember> others = new ArrayList<>(cluster.members());
    others.remove(candidacy.candidate());
    Set<Long> reached = new HashSet<>();
    for (int needed = cluster.members().size() / 2; needed > 0; needed--) {
      reached.add(others.remove(random.nextInt(others.size())).id());
    }
    timeline.fault(candidacy.candidate() + " campaigns where it reaches only just a majority");
    cluster.probes().hit(Probe.CANDIDATE_REACHED_ONLY_JUST_A_MAJORITY);
    campaign = new Campaign(candidacy.candidate(), candidacy.term(), reached);
    cut(candidacy.candidate(), others, true, duration());
  }

  private void onVote(SimMember voter, Message vote) {
    Campaign wanted = campaign;
    boolean asked =
        wanted != null
            && wanted.term() == vote.getTerm()
            && wanted.candidate().id() == vote.getTo()
            && wanted.reached().contains(voter.id());
    if (asked || mayStrike(plan.voterPercent())) {
      soon(
          0,
          () -> {
            cluster.probes().hit(Probe.VOTER_CRASHED_RIGHT_AFTER_ITS_VOTE);
            timeline.fault("crash the voter " + voter);
            crash(voter, 1 + random.nextLong(3_000_000));
            if (asked) {
              cut(wanted.candidate(), List.of(voter), true, duration());
            }
          });
    }
  }

  private long duration() {
    return 1 + random.nextLong(plan.backNanos());
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

  private void strikeLeader(SimMember leader, Probe when) {
    if (!leader.isUp()) {
      return;
    }
    timeline.fault(leader + ": " + when);
    cluster.probes().hit(when);
    switch (plan.kinds().get(random.nextInt(plan.kinds().size()))) {
      case CRASH -> {
        for (SimMember other : cluster.members()) {
          cluster.network().breakStream(leader.number(), other.number());
        }
        crash(leader, duration());
      }
      case PAUSE -> {
        SimProcess process = leader.process();
        process.pause();
        soon(duration(), process::resume);
      }
      case CUT_OFF -> cut(leader, cluster.members(), true, duration());
      case MUTE -> cut(leader, cluster.members(), false, duration());
      case LATE_ANSWERS -> {
        answersComeLate(leader, cluster.members(), duration());
        soon(duration(), () -> cluster.network().heal());
      }
      case LEADS_MINORITY -> leadMinority(leader);
      case LEADS_UNWRITTEN -> leadUnwritten(leader);
    }
  }

  /** Clients that have waited for a leader may have nothing to write just now. */
  private void propose(SimMember leader) {
    for (int n = 3 + random.nextInt(MOST_PROPOSALS - 2); n > 0 && leader.isAssembled(); n--) {
      leader.member().replica().consensus().raft().tell(new RaftCommand.Propose(NOTHING));
    }
  }

  private void arriveLate(LateAnswers.Late late) {
    soon(
        1 + random.nextLong(LATE_NANOS),
        () -> {
          cluster.probes().hit(Probe.ANSWER_OF_AN_EARLIER_TERM);
          timeline.fault(
              "%s hears what %s answered in term %d, up to entry %d"
                  .formatted(
                      late.to(), late.from(), late.answer().getTerm(), late.answer().getIndex()));
          cluster.deliver(late.from().number(), late.to().number(), late.answer());
        });
  }

  private void answersComeLate(SimMember leader, List<SimMember> others, long nanos) {
    for (SimMember other : others) {
      cluster.network().slow(other.number(), leader.number(), nanos);
    }
  }

  /** In an order by chance. */
  private List<SimMember> othersThan(SimMember leader) {
    List<SimMember> others = new ArrayList<>(cluster.members());
    others.remove(leader);
    for (int i = others.size(); i > 1; i--) {
      Collections.swap(others, i - 1, random.nextInt(i));
    }
    return others;
  }

  /**
   * It leads on with few, until the others have another leader, and is then asked to lead again;
   * what those few have answered arrives only then, and they stay away.
   */
  private void leadMinority(SimMember leader) {
    cluster.probes().hit(Probe.LEADER_OF_A_MINORITY_WITH_LATE_ANSWERS);
    List<SimMember> others = othersThan(leader);
    int with = others.size() / 4;
    List<SimMember> minority = List.copyOf(others.subList(0, with));
    List<SimMember> rest = List.copyOf(others.subList(with, others.size()));
    long election = cluster.settings().longestElectionNanos();
    answersComeLate(leader, minority, election / 2 + random.nextLong(3 * election));
    minority.forEach(member -> lateAnswers.keep(member, leader));
    part(leader, rest);
    propose(leader);
    minority.forEach(member -> part(member, rest));
    awaitSuccessor(leader, minority, rest, world.nowNanos() + 3 * election);
  }

  private void awaitSuccessor(
      SimMember former, List<SimMember> minority, List<SimMember> rest, long untilNanos) {
    boolean succeeded = cluster.leader().filter(rest::contains).isPresent();
    if (!succeeded && world.nowNanos() < untilNanos) {
      soon(AGAIN_NANOS, () -> awaitSuccessor(former, minority, rest, untilNanos));
      return;
    }
    rest.forEach(member -> mend(former, member));
    answersComeLate(former, minority, 0);
    for (SimMember member : minority) {
      lateAnswers.keepNoMore(member, former);
      part(member, cluster.members());
      soon(duration(), () -> cluster.members().forEach(other -> mend(member, other)));
    }
    leadAgain(former, world.nowNanos() + 3 * cluster.settings().longestElectionNanos());
  }

  /** Cuts both ways; what is on its way still arrives. */
  private void part(SimMember member, List<SimMember> others) {
    for (SimMember other : List.copyOf(others)) {
      cluster.network().cut(member.number(), other.number());
      cluster.network().cut(other.number(), member.number());
    }
  }

  private void mend(SimMember member, SimMember other) {
    cluster.network().mend(member.number(), other.number());
    cluster.network().mend(other.number(), member.number());
  }

  /** An operator wants the old leader back. */
  private void leadAgain(SimMember former, long untilNanos) {
    Optional<SimMember> leader = cluster.leader().filter(SimMember::isAssembled);
    boolean hears =
        leader.isPresent()
            && former.isUp()
            && leader.get() != former
            && leader.get().id() == former.status().leaderId();
    if (hears) {
      cluster.probes().hit(Probe.FORMER_LEADER_ASKED_TO_LEAD_AGAIN);
      timeline.fault("transfer leadership from " + leader.get() + " back to " + former);
      leader
          .get()
          .member()
          .replica()
          .consensus()
          .raft()
          .tell(new RaftCommand.TransferLeadership(former.id(), ReplyTo.nobody()));
    } else if (world.nowNanos() < untilNanos) {
      soon(AGAIN_NANOS, () -> leadAgain(former, untilNanos));
    }
  }

  private void leadUnwritten(SimMember leader) {
    List<SimMember> others = othersThan(leader);
    if (others.isEmpty()) {
      return;
    }
    cluster.probes().hit(Probe.LEADER_WHOSE_OWN_WRITES_ARE_LOST);
    SimMember writer = others.get(0);
    List<SimMember> rest = others.subList(1, others.size());
    long election = cluster.settings().longestElectionNanos();
    long leadsNanos = 1 + random.nextLong(election);
    leader.disk().stall(leadsNanos);
    leader.disk().losesUnsynced();
    answersComeLate(leader, List.of(writer), leadsNanos + random.nextLong(2 * election));
    lateAnswers.keep(writer, leader);
    cut(leader, rest, true, leadsNanos);
    cut(writer, rest, true, leadsNanos);
    propose(leader);
    soon(
        leadsNanos + 1,
        () -> {
          crash(leader, 1 + random.nextLong(3_000_000));
          lateAnswers.keepNoMore(writer, leader);
          // Its streams are not broken: what it has answered is on its way, and comes late.
          part(writer, cluster.members());
          soon(
              election + duration(), () -> cluster.members().forEach(other -> mend(writer, other)));
        });
  }

  private void crash(SimMember member, long back) {
    cluster.crash(member);
    soon(back, () -> cluster.restart(member));
  }

  private void cut(SimMember member, List<SimMember> others, boolean bothWays, long back) {
    for (SimMember other : List.copyOf(others)) {
      cluster.network().cut(member.number(), other.number());
      cluster.network().breakStream(member.number(), other.number());
      if (bothWays) {
        cluster.network().cut(other.number(), member.number());
      }
      soon(back, () -> mend(member, other));
    }
  }
}
