package io.sampo.node.apply;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.NodeState;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Tells Raft how far the state machine has come, what has become of the members, and what is
 * durable.
 */
public final class RaftNotices implements Consumer<ApplyEvent> {
  private final ActorRef<RaftCommand> raft;

  public RaftNotices(ActorRef<RaftCommand> raft) {
    this.raft = raft;
  }

  @Override
  public void accept(ApplyEvent event) {
    if (event instanceof ApplyEvent.Applied applied) {
      raft.tell(new RaftCommand.Applied(applied.index()));
    } else if (event instanceof ApplyEvent.MembershipChanged changed) {
      raft.tell(
          new RaftCommand.ConfChangeApplied(
              changed.index(), changed.result().cluster().confState()));
    } else if (event instanceof ApplyEvent.SnapshotTaken taken) {
      NodeState state = taken.state();
      raft.tell(
          new RaftCommand.SnapshotTaken(
              state.appliedIndex(), state.appliedTerm(), state.cluster().confState()));
    } else if (event instanceof ApplyEvent.ReplacementDurable replaced) {
      NodeState state = replaced.state();
      raft.tell(
          new RaftCommand.SnapshotInstalled(
              state.appliedIndex(), state.appliedTerm(), state.cluster().confState()));
    }
  }
}
