package io.sampo.node.raft;

import io.sampo.protocol.raftpb.Snapshot;

/**
 * The leader's log no longer reaches back to ours: the state must be restored from this snapshot,
 * whose data the transport has stored, and {@link RaftCommand.SnapshotInstalled} told when that is
 * durable.
 */
public record SnapshotToInstall(Snapshot snapshot) {}
