package io.sampo.tests.mixed;

import io.sampo.node.peer.Peers;
import io.sampo.node.peer.ReceivedSnapshots;
import io.sampo.node.raft.CommittedEntries;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftEnvironment.SnapshotToInstall;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.persistence.snapshot.BboltReader;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Applies in memory, and restores what a leader has sent. */
final class StateActor extends AbstractBehavior<Object> {

  /** Told first. */
  record Bind(ActorRef<RaftCommand> raft, ActorRef<Peers.Command> peers) {}

  private final AtomicReference<NodeState> published;
  private final ReceivedSnapshots snapshots;
  private final org.apache.pekko.actor.typed.javadsl.StashBuffer<Object> early;
  private StateMachine machine = new StateMachine(StateSettings.DEFAULT);
  private Bind others;

  static Behavior<Object> create(
      AtomicReference<NodeState> published, ReceivedSnapshots snapshots) {
    return Behaviors.withStash(
        10_000,
        early -> Behaviors.setup(context -> new StateActor(context, published, snapshots, early)));
  }

  private StateActor(
      ActorContext<Object> context,
      AtomicReference<NodeState> published,
      ReceivedSnapshots snapshots,
      org.apache.pekko.actor.typed.javadsl.StashBuffer<Object> early) {
    super(context);
    this.published = published;
    this.snapshots = snapshots;
    this.early = early;
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            Bind.class,
            bind -> {
              others = bind;
              return early.unstashAll(this);
            })
        .onMessage(Object.class, message -> others == null, this::onEarly)
        .onMessage(CommittedEntries.class, this::onCommitted)
        .onMessage(SnapshotToInstall.class, this::onInstall)
        .build();
  }

  private Behavior<Object> onEarly(Object message) {
    early.stash(message);
    return this;
  }

  private Behavior<Object> onCommitted(CommittedEntries committed) throws Exception {
    for (Entry entry : committed.entries()) {
      if (entry.getType() == EntryType.EntryConfChange) {
        var result =
            machine.applyMembership(
                ConfChange.parseFrom(entry.getData()), entry.getIndex(), entry.getTerm());
        if (result.applied()) {
          others
              .raft()
              .tell(
                  new RaftCommand.ConfChangeApplied(
                      entry.getIndex(), result.cluster().confState()));
          tellPeers();
        }
      } else if (entry.getData().isEmpty()) {
        machine.applyEmpty(entry.getIndex(), entry.getTerm());
      } else {
        machine.apply(
            InternalRaftRequest.parseFrom(entry.getData()), entry.getIndex(), entry.getTerm());
      }
    }
    while (machine.compactStep()) {
      getContext().getLog().debug("compacted a slice");
    }
    published.set(machine.state());
    others.raft().tell(new RaftCommand.Applied(machine.appliedIndex()));
    return this;
  }

  private Behavior<Object> onInstall(SnapshotToInstall install) throws Exception {
    var metadata = install.snapshot().getMetadata();
    try (BboltReader reader = BboltReader.open(snapshots.file(metadata.getIndex()))) {
      machine = StateMachine.restore(StateSettings.DEFAULT, reader::forEach);
    }
    published.set(machine.state());
    tellPeers();
    others
        .raft()
        .tell(
            new RaftCommand.SnapshotInstalled(
                metadata.getIndex(), metadata.getTerm(), metadata.getConfState()));
    return this;
  }

  private void tellPeers() {
    others
        .peers()
        .tell(
            new Peers.Replace(
                machine.cluster().memberList().stream()
                    .collect(Collectors.toMap(ClusterMember::id, ClusterMember::peerUrls))));
  }
}
