package io.sampo.node.state;

import io.sampo.node.state.lease.LeaseEvent;
import io.sampo.node.state.mvcc.RevisionBatch;
import io.sampo.protocol.raftpb.ConfChange;
import java.util.List;

/**
 * What became of the state. Told in the order of the log, on the applier's thread, to everybody who
 * subscribed, in the order of their subscriptions: who takes one has to be quick, and passes it on
 * as a message. The state that an event is about is published before, but for {@link
 * MembershipChanged}.
 */
public sealed interface ApplyEvent {

  /**
   * Entries were applied.
   *
   * @param batches the events of each revision, oldest first
   * @param leases what became of leases, oldest first
   * @param leasesAgain how many of them, the oldest, are of entries that the log held at the start
   * @param index of the last entry
   */
  record Applied(List<RevisionBatch> batches, List<LeaseEvent> leases, int leasesAgain, long index)
      implements ApplyEvent {}

  /**
   * A change of the members was applied, or was refused and has changed nothing. Told before the
   * {@link Applied} of its entry.
   */
  record MembershipChanged(long index, ConfChange change, MembershipResult result)
      implements ApplyEvent {}

  /** A leader's state has replaced ours. It may not be durable yet. */
  record Replaced(NodeState state) implements ApplyEvent {}

  /** The state that a leader sent is durable here. */
  record ReplacementDurable(NodeState state) implements ApplyEvent {}

  /** A snapshot of this state is durable. */
  record SnapshotTaken(NodeState state) implements ApplyEvent {}

  /**
   * A request needs the quota's alarm; whoever takes this answers the request once it is raised.
   */
  record OutOfSpace(ApplyResult result) implements ApplyEvent {}
}
