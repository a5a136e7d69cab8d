package io.sampo.persistence.etcd;

import io.sampo.protocol.raftpb.HardState;
import java.util.List;
import java.util.Optional;

/**
 * What a log says as a whole, after every checksum in it was found right.
 *
 * @param memberId whose log it is, unsigned
 * @param clusterId unsigned
 * @param hardState the last one, without fields if none was ever written
 * @param snapshots those that the log names and that are of committed entries, in its order
 * @param tornTail what was cut off its end, for a log line
 */
public record WalSummary(
    long memberId,
    long clusterId,
    HardState hardState,
    List<SnapshotPosition> snapshots,
    Optional<String> tornTail) {
  public WalSummary {
    snapshots = List.copyOf(snapshots);
  }
}
