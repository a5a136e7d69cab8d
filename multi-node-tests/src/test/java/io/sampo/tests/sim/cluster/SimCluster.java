package io.sampo.tests.sim.cluster;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RoleName;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.tests.sim.fault.Probes;
import io.sampo.tests.sim.fault.SimNetwork;
import io.sampo.tests.sim.kernel.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The members and what is between them. */
public final class SimCluster implements SimNetwork.Receiver {
  private final World world;
  private final Probes probes;
  private final ClusterSettings settings;
  private final Planted planted;
  private final Observer observer;
  private final BiConsumer<SimMember, Throwable> unexcused;
  private final SimNetwork network;
  private final List<SimMember> members = new ArrayList<>();

  /**
   * @param directory for the members' snapshots; must be empty
   * @param unexcused told of a member that ended although nothing was wrong with its disk
   */
  public SimCluster(
      World world,
      Probes probes,
      ClusterSettings settings,
      Planted planted,
      Observer observer,
      Path directory,
      BiConsumer<SimMember, Throwable> unexcused) {
    this.world = world;
    this.probes = probes;
    this.settings = settings;
    this.planted = planted;
    this.observer = observer;
    this.unexcused = unexcused;
    this.network = new SimNetwork(world, probes, settings.network(), this);
    for (int i = 0; i < settings.members(); i++) {
      members.add(new SimMember(this, i, directory.resolve(MemberConfig.name(i))));
    }
    planted.prepare(this);
  }

  /** Starts all members. */
  public void start() {
    members.forEach(SimMember::start);
  }

  // ---- faults ----

  /** Ends the member as a power cut does. */
  public void crash(SimMember member) {
    if (member.isUp()) {
      probes.hit(member.status().role() == RoleName.LEADER ? "leader crashed" : "follower crashed");
      member.end("crashed");
    }
  }

  /** Starts the member again, unless it runs or its disk is damaged. */
  public void restart(SimMember member) {
    if (!member.isUp() && !member.isLost()) {
      probes.hit("member restarted");
      member.start();
    }
  }

  /** The member's disk is damaged for good: it may stop, and once it has stopped it stays so. */
  public void lose(SimMember member) {
    member.giveUp();
  }

  /** Links, disks and processes are whole again; damaged disks stay damaged. */
  public void heal() {
    network.heal();
    network.become(settings.network().healthy());
    for (SimMember member : members) {
      member.disk().become(settings.disk().healthy());
      if (member.isUp() && member.process().isPaused()) {
        member.process().resume();
      }
      restart(member);
    }
  }

  void onUnexcusedEnd(SimMember member, Throwable cause) {
    unexcused.accept(member, cause);
  }

  // ---- messages ----

  void send(SimMember from, Message message) {
    observer.onSent(from, message);
    members.stream()
        .filter(member -> member.id() == message.getTo())
        .findFirst()
        .ifPresent(to -> network.send(from.number(), to.number(), message));
  }

  @Override
  public void deliver(int from, int to, Message message) {
    SimMember member = members.get(to);
    if (!member.isUp() || member.rooms() == null) {
      lost(from, to, message);
      return;
    }
    world.trace().add(message.getType().getNumber() + 31L * message.getIndex());
    member.rooms().raft().tell(new RaftCommand.Receive(message));
  }

  @Override
  public void lost(int from, int to, Message message) {
    SimMember member = members.get(from);
    if (member.isUp() && member.rooms() != null) {
      long peer = members.get(to).id();
      if (message.getType() == MessageType.MsgSnap) {
        member.rooms().raft().tell(new RaftCommand.SnapshotSent(peer, false));
      } else {
        member.rooms().raft().tell(new RaftCommand.PeerUnreachable(peer));
      }
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

  Planted planted() {
    return planted;
  }

  Observer observer() {
    return observer;
  }
}
