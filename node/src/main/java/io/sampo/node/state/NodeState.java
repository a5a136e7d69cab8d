package io.sampo.node.state;

import io.sampo.node.state.alarm.AlarmTable;
import io.sampo.node.state.lease.LeaseTable;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.mvcc.MvccView;

/**
 * The whole replicated state after some entry; immutable, to be published to readers and to be
 * written as a snapshot.
 *
 * @param appliedIndex the index of the last entry it includes; 0 for none
 * @param appliedTerm the term of that entry
 * @param finishedCompactRevision up to where the memory of a compaction has been given back; −1 if
 *     never
 * @param sizeBytes the logical size that the quota is about
 */
public record NodeState(
    long appliedIndex,
    long appliedTerm,
    MvccView keys,
    LeaseTable leases,
    AlarmTable alarms,
    ClusterState cluster,
    long finishedCompactRevision,
    long sizeBytes) {}
