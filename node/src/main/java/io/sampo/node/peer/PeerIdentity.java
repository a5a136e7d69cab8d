package io.sampo.node.peer;

import java.util.List;

/**
 * Who this member is among its peers.
 *
 * @param serverVersion of this server, such as {@code 3.7.1}
 * @param minClusterVersion the oldest peer this server talks to, {@code 3.0.0} for all of etcd 3
 * @param peerUrls where peers reach this member
 */
public record PeerIdentity(
    long memberId,
    long clusterId,
    String serverVersion,
    String minClusterVersion,
    List<String> peerUrls) {

  /** What every etcd 3 server says. */
  public static final String MIN_CLUSTER_VERSION = "3.0.0";

  public PeerIdentity {
    peerUrls = List.copyOf(peerUrls);
  }
}
