package io.sampo.node.state;

import io.sampo.node.state.alarm.AlarmTable;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.node.state.lease.LeaseTable;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.persistence.snapshot.SnapshotImage;

/**
 * The whole replicated state after some entry; immutable, to be published to readers and to be
 * written as a snapshot.
 *
 * @param appliedIndex the index of the last entry it includes; 0 for none
 * @param appliedTerm the term of that entry
 * @param auth users, roles and what they may do
 * @param sizeBytes the logical size that the quota is about
 */
public record NodeState(
    long appliedIndex,
    long appliedTerm,
    MvccView keys,
    LeaseTable leases,
    AlarmTable alarms,
    ClusterState cluster,
    AuthTable auth,
    long sizeBytes) {

  /** The state before the first entry. */
  public static final NodeState EMPTY =
      new NodeState(
          0,
          0,
          MvccView.EMPTY,
          LeaseTable.EMPTY,
          AlarmTable.EMPTY,
          ClusterState.EMPTY,
          AuthTable.EMPTY,
          StateSize.of(0, 0));

  /** The state as a snapshot: buckets over this immutable value, readable on any thread. */
  public SnapshotImage image() {
    return StateImage.of(this);
  }
}
