package io.sampo.tests.sim.cluster;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RoleName;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.persistence.datadir.Identity;
import io.sampo.persistence.snapshot.SnapshotId;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.tests.sim.fault.Probe;
import io.sampo.tests.sim.fault.Probes;
import io.sampo.tests.sim.fault.SimNetwork;
import io.sampo.tests.sim.kernel.SimProcess;
import io.sampo.tests.sim.kernel.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The members and what is between them. */
public final class SimCluster implements SimNetwork.Receiver {
  private static final long RESTART_NANOS = 10_000_000;

  private final World world;
  private final Probes probes;
  private final ClusterSettings settings;
  private final Mutation mutation;
  private final Observer observer;
  private final BiConsumer<SimMember, Throwable> unexcused;
  private final SimNetwork network;
  private final StateTransfer transfer;
  private final Path directory;
  private boolean healed;
  private final List<SimMember> members = new ArrayList<>();

  /**
   * @param directory for the members' snapshots; must be empty
   * @param restored what the members' state is restored from; empty for a new cluster
   * @param unexcused told of a member that ended although nothing was wrong with its disk
   */
  public SimCluster(
      World world,
      Probes probes,
      ClusterSettings settings,
      Mutation mutation,
      Observer observer,
      Path directory,
      Optional<SavedState> restored,
      BiConsumer<SimMember, Throwable> unexcused) {
    this.world = world;
    this.probes = probes;
    this.settings = settings;
    this.mutation = mutation;
    this.observer = observer;
    this.unexcused = unexcused;
    this.network = new SimNetwork(world, probes, settings.network(), this);
    for (int i = 0; i < settings.members(); i++) {
      Path home = directory.resolve(MemberConfig.name(i));
      members.add(
          restored.isPresent()
              ? SimMember.restored(this, i, home)
              : SimMember.initial(this, i, home));
    }
    restored.ifPresent(state -> members.forEach(member -> restore(member, state)));
    this.directory = directory;
    this.transfer = new StateTransfer(network, probes);
    mutation.prepare(this);
  }

  private void restore(SimMember member, SavedState state) {
    List<ClusterMember> known =
        members.stream()
            .map(
                each ->
                    new ClusterMember(
                        each.id(),
                        List.of(MemberConfig.peerUrl(each.number())),
                        false,
                        each.name(),
                        List.of()))
            .toList();
    SnapshotId id = state.restoreInto(member.directory(), known);
    member.prepareLog(id, SavedState.consistingOf(known, ClusterState.EMPTY).confState());
  }

  /** Whether all members' disks hold what they begin with. */
  public boolean isPrepared() {
    return members.stream().allMatch(SimMember::isPrepared);
  }

  /** Starts all members. */
  public void start() {
    members.forEach(SimMember::start);
  }

  /** All members end for good. */
  public void end() {
    members.forEach(member -> member.end("the cluster is given up"));
  }

  /** The next member's peer URL. */
  public String nextPeerUrl() {
    return MemberConfig.peerUrl(members.size());
  }

  /**
   * Starts a process for every member that was added and has none, as whoever asked for the
   * addition would do, also if no answer came.
   */
  public void startAdded() {
    Optional<SimMember> informed =
        members.stream()
            .filter(SimMember::isUp)
            .max((a, b) -> Long.compare(a.state().appliedIndex(), b.state().appliedIndex()));
    if (informed.isEmpty()) {
      return;
    }
    for (ClusterMember added : informed.get().state().cluster().memberList()) {
      if (members.stream().noneMatch(member -> member.id() == added.id())) {
        int number = members.size();
        Identity identity = new Identity(added.id(), members.get(0).identity().clusterId());
        SimMember joiner =
            SimMember.joining(this, number, directory.resolve(MemberConfig.name(number)), identity);
        members.add(joiner);
        if (healed) {
          joiner.disk().become(settings.disk().healthy());
        }
        probes.hit(added.learner() ? Probe.LEARNER_JOINED : Probe.VOTER_JOINED);
        joiner.start();
      }
    }
  }

  /** The members as the one that has applied most knows them; never removed ones. */
  public ClusterState membership() {
    return members.stream()
        .filter(SimMember::isUp)
        .map(member -> member.state())
        .max((a, b) -> Long.compare(a.appliedIndex(), b.appliedIndex()))
        .map(state -> state.cluster())
        .orElse(ClusterState.EMPTY);
  }

  // ---- faults ----

  /** Ends the member as a power cut does. */
  public void crash(SimMember member) {
    if (member.isUp()) {
      probes.hit(
          member.status().role() == RoleName.LEADER
              ? Probe.LEADER_CRASHED
              : Probe.FOLLOWER_CRASHED);
      member.end("crashed");
    }
  }

  /** Has a member hear that another one's process has ended, whether or not that is so. */
  public void tellGone(SimMember member, SimMember gone) {
    if (member != gone && member.isAssembled()) {
      member.member().replica().consensus().raft().tell(new RaftCommand.PeerGone(gone.id()));
    }
  }

  /** Starts the member again, unless it runs or its disk is damaged. */
  public void restart(SimMember member) {
    if (!member.isUp() && !member.isLost() && !member.isRemoved()) {
      probes.hit(Probe.MEMBER_RESTARTED);
      member.start();
    }
  }

  /** The member's disk is damaged for good: it may stop, and once it has stopped it stays so. */
  public void lose(SimMember member) {
    member.giveUp();
  }

  /** Flips a bit of the newest snapshot of a member that is down; false if it has none. */
  public boolean rotSnapshot(SimMember member) {
    boolean flipped = member.rotSnapshot();
    if (flipped) {
      probes.hit(Probe.BIT_FLIPPED_IN_A_SNAPSHOT);
    }
    return flipped;
  }

  /** Links, disks and processes are whole again; damaged disks stay damaged. */
  public void heal() {
    healed = true;
    network.heal();
    network.become(settings.network().healthy());
    for (SimMember member : members) {
      member.disk().become(settings.disk().healthy());
      member.disk().fill(false);
      if (member.isUp() && member.process().isPaused()) {
        member.process().resume();
      }
      restart(member);
    }
  }

  /**
   * Real members dial each other again and again, even those that have nothing to say: who was
   * removed before it could apply its own addition is told so there.
   */
  public void redial() {
    for (SimMember member : members) {
      boolean silent = member.isAssembled() && member.status().leaderId() == 0;
      if (silent && membership().removed().contains(member.id())) {
        member.leave();
      }
    }
  }

  /** What went wrong before the faults were over may end a member after that. */
  void onEnded(SimMember member) {
    if (healed) {
      world.after(RESTART_NANOS, () -> restart(member));
    }
  }

  /** Whoever was sending a state to it hears that the connection is gone. */
  void onProcessEnded(SimProcess process) {
    transfer.onEnded(process);
  }

  void onUnexcusedEnd(SimMember member, Throwable cause) {
    unexcused.accept(member, cause);
  }

  // ---- messages ----

  void send(SimMember from, Message message) {
    observer.onSent(from, message);
    for (SimMember to : members) {
      if (to.id() == message.getTo()) {
        if (message.getType() == MessageType.MsgSnap) {
          transfer.send(from, to, message);
        } else {
          network.send(from.number(), to.number(), message);
        }
        return;
      }
    }
    // Added, but nobody has started it yet.
    from.member()
        .replica()
        .consensus()
        .raft()
        .tell(new RaftCommand.PeerUnreachable(message.getTo()));
  }

  @Override
  public void deliver(int from, int to, Message message) {
    SimMember member = members.get(to);
    if (!member.isAssembled()) {
      lost(from, to, message);
      return;
    }
    SimMember sender = members.get(from);
    if (member.state().cluster().removed().contains(sender.id())) {
      // As a peer's answer 410 Gone says it.
      network.carry(to, from, sender::leave, () -> {});
      return;
    }
    world.trace().add(message.getType().getNumber() + 31L * message.getIndex());
    member.member().replica().consensus().raft().tell(new RaftCommand.Receive(message));
  }

  @Override
  public void lost(int from, int to, Message message) {
    SimMember member = members.get(from);
    if (member.isAssembled()) {
      member
          .member()
          .replica()
          .consensus()
          .raft()
          .tell(new RaftCommand.PeerUnreachable(members.get(to).id()));
    }
  }

  // ---- what others want to know ----

  /** The running member that leads in the highest term. */
  public Optional<SimMember> leader() {
    return members.stream()
        .filter(SimMember::isUp)
        .filter(member -> member.status().role() == RoleName.LEADER)
        .max((a, b) -> Long.compare(a.status().term(), b.status().term()));
  }

  public List<SimMember> members() {
    return members;
  }

  public SimNetwork network() {
    return network;
  }

  public World world() {
    return world;
  }

  public Probes probes() {
    return probes;
  }

  public ClusterSettings settings() {
    return settings;
  }

  /** Its known bug, if it has one. */
  public Mutation mutation() {
    return mutation;
  }

  Observer observer() {
    return observer;
  }
}
