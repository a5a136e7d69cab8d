package io.sampo.tests.sim.cluster;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.peer.SnapshotSource;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.server.Member;
import io.sampo.persistence.disk.DiskShortageException;
import io.sampo.protocol.raftpb.Message;
import io.sampo.tests.sim.fault.Probe;
import io.sampo.tests.sim.fault.Probes;
import io.sampo.tests.sim.fault.SimNetwork;
import io.sampo.tests.sim.kernel.SimProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Brings a leader's state to a member behind: production lays it out, stores it, restores it and
 * decides; in place of HTTP there is the network, on a connection of its own.
 */
final class StateTransfer {
  private record Parcel(Message message, ByteString database) {}

  /**
   * A state that a member is taking.
   *
   * @param broken what its sender hears if the member's process ends meanwhile, as its connection
   *     does then
   */
  private record Arriving(SimProcess receiver, Runnable broken) {}

  private final List<Arriving> arriving = new ArrayList<>();

  private final SimNetwork network;
  private final Probes probes;

  StateTransfer(SimNetwork network, Probes probes) {
    this.network = network;
    this.probes = probes;
  }

  /** Called inside of the sender's process. */
  void send(SimMember from, SimMember to, Message message) {
    SimProcess process = from.process();
    from.member()
        .replica()
        .toSend()
        .open(message)
        .thenCompose(content -> layOut(from, content))
        .whenComplete(
            (parcel, failure) -> {
              if (failure == null) {
                carry(from, process, to, parcel);
              } else {
                ended(from, process, to, false);
              }
            });
  }

  private static CompletableFuture<Parcel> layOut(SimMember from, SnapshotSource.Content content) {
    // Dependents of a stream's own future would run on threads of Java's.
    CompletableFuture<Parcel> parcel = new CompletableFuture<>();
    content
        .database()
        .fold(ByteString.emptyByteString(), ByteString::concat)
        .to(Sink.foreach(bytes -> parcel.complete(new Parcel(content.message(), bytes))))
        .run(from.materializer());
    return parcel;
  }

  private void carry(SimMember from, SimProcess process, SimMember to, Parcel parcel) {
    probes.hit(Probe.SNAPSHOT_SENT_TO_A_MEMBER);
    Runnable failed = () -> ended(from, process, to, false);
    network.carryState(
        from.number(),
        to.number(),
        parcel.database(),
        database -> arrive(from, process, to, new Parcel(parcel.message(), database)),
        failed);
  }

  private void arrive(SimMember from, SimProcess process, SimMember to, Parcel parcel) {
    if (!to.isAssembled()) {
      ended(from, process, to, false);
      return;
    }
    Member receiving = to.member();
    SimProcess receiver = to.process();
    Arriving now = new Arriving(receiver, () -> answer(from, process, to, false));
    arriving.add(now);
    receiver.execute(
        () ->
            receiving
                .replica()
                .received()
                .receive(
                    parcel.message(),
                    OptionalLong.of(parcel.database().size()),
                    Source.single(parcel.database()))
                .whenComplete(
                    (kept, failure) -> {
                      if (failure == null) {
                        probes.hit(Probe.SNAPSHOT_RECEIVED);
                        ActorRef<RaftCommand> raft = receiving.replica().consensus().raft();
                        raft.tell(new RaftCommand.Receive(parcel.message()));
                        raft.tell(
                            new RaftCommand.Fence(
                                ReplyTo.of(handled -> kept.onHandled().run(), why -> {})));
                      } else {
                        probes.hit(Probe.SNAPSHOT_REFUSED);
                        if (isShortage(failure)) {
                          probes.hit(Probe.SNAPSHOT_REFUSED_FOR_LACK_OF_SPACE);
                        }
                      }
                      arriving.remove(now);
                      answer(from, process, to, failure == null);
                    }));
  }

  /** It may be lost, and then the state will be sent once more. */
  private void answer(SimMember from, SimProcess process, SimMember to, boolean taken) {
    network.carry(
        to.number(),
        from.number(),
        () -> ended(from, process, to, taken),
        () -> ended(from, process, to, false));
  }

  /** A member's process has ended. */
  void onEnded(SimProcess receiver) {
    List<Arriving> lost = arriving.stream().filter(each -> each.receiver == receiver).toList();
    arriving.removeAll(lost);
    lost.forEach(each -> each.broken.run());
  }

  private static boolean isShortage(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof DiskShortageException)) {
      cause = cause.getCause();
    }
    return cause != null;
  }

  private static void ended(SimMember from, SimProcess process, SimMember to, boolean delivered) {
    if (from.process() != process || !from.isUp()) {
      return;
    }
    if (!delivered) {
      from.member().replica().consensus().raft().tell(new RaftCommand.PeerUnreachable(to.id()));
    }
    from.member()
        .replica()
        .consensus()
        .raft()
        .tell(new RaftCommand.SnapshotSent(to.id(), delivered));
  }
}
