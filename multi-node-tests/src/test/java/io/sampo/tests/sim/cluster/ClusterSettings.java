package io.sampo.tests.sim.cluster;

import io.sampo.node.raft.RaftLimits;
import io.sampo.tests.sim.fault.DiskSettings;
import io.sampo.tests.sim.fault.NetworkSettings;

/**
 * One cluster's make.
 *
 * @param members of the beginning, 1 to 7
 * @param heartbeatMillis etcd's {@code --heartbeat-interval}
 * @param electionTicks heartbeats in {@code --election-timeout}
 * @param snapshotCount entries between two snapshots of the state
 * @param catchUpEntries entries kept behind one
 * @param clockDriftPerMillion how much faster or slower than the world's a clock may run
 */
public record ClusterSettings(
    int members,
    int heartbeatMillis,
    int electionTicks,
    boolean preVote,
    long snapshotCount,
    long catchUpEntries,
    int maxSnapshots,
    boolean leaseCheckpoints,
    int clockDriftPerMillion,
    RaftLimits limits,
    NetworkSettings network,
    DiskSettings disk) {

  /** The same with this many entries kept behind a snapshot. */
  public ClusterSettings withCatchUp(long entries) {
    return new ClusterSettings(
        members,
        heartbeatMillis,
        electionTicks,
        preVote,
        snapshotCount,
        entries,
        maxSnapshots,
        leaseCheckpoints,
        clockDriftPerMillion,
        limits,
        network,
        disk);
  }

  /** The same on disks of another kind. */
  public ClusterSettings withDisk(DiskSettings other) {
    return new ClusterSettings(
        members,
        heartbeatMillis,
        electionTicks,
        preVote,
        snapshotCount,
        catchUpEntries,
        maxSnapshots,
        leaseCheckpoints,
        clockDriftPerMillion,
        limits,
        network,
        other);
  }

  /** The same with so many members at the beginning. */
  public ClusterSettings withMembers(int number) {
    return new ClusterSettings(
        number,
        heartbeatMillis,
        electionTicks,
        preVote,
        snapshotCount,
        catchUpEntries,
        maxSnapshots,
        leaseCheckpoints,
        clockDriftPerMillion,
        limits,
        network,
        disk);
  }

  /** The same with other bounds of Raft. */
  public ClusterSettings withLimits(RaftLimits newLimits) {
    return new ClusterSettings(
        members,
        heartbeatMillis,
        electionTicks,
        preVote,
        snapshotCount,
        catchUpEntries,
        maxSnapshots,
        leaseCheckpoints,
        clockDriftPerMillion,
        newLimits,
        network,
        disk);
  }

  /** The longest that a member waits before it campaigns. */
  public long longestElectionNanos() {
    return 2L * electionTicks * heartbeatMillis * 1_000_000L;
  }
}
