package io.sampo.node.peer;

import io.sampo.node.state.membership.MemberIds;
import java.util.function.LongSupplier;

/**
 * What all connections to one peer share.
 *
 * @param removed told when a peer says that this member was removed from the cluster
 */
record PeerLink(
    long peer,
    PeerIdentity identity,
    PeerSettings settings,
    PeerConnections connections,
    UrlPicker urls,
    PeerStatus status,
    PeerMetrics.OfPeer metrics,
    RaftInbox inbox,
    SnapshotSource snapshots,
    LongSupplier nanoTime,
    LongSupplier currentMillis,
    Runnable removed) {

  String localHex() {
    return MemberIds.format(identity.memberId());
  }

  String peerHex() {
    return MemberIds.format(peer);
  }
}
