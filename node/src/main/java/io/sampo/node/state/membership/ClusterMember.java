package io.sampo.node.state.membership;

import java.util.List;

/**
 * A member of the cluster.
 *
 * @param id unsigned
 * @param name empty until the member has started and said its name
 */
public record ClusterMember(
    long id, List<String> peerUrls, boolean learner, String name, List<String> clientUrls) {
  public ClusterMember {
    peerUrls = List.copyOf(peerUrls);
    clientUrls = List.copyOf(clientUrls);
  }

  /** Whether the member has ever announced itself, which is how etcd counts started members. */
  public boolean isStarted() {
    return !name.isEmpty();
  }

  ClusterMember withAttributes(String newName, List<String> newClientUrls) {
    return new ClusterMember(id, peerUrls, learner, newName, newClientUrls);
  }

  ClusterMember withPeerUrls(List<String> newPeerUrls) {
    return new ClusterMember(id, newPeerUrls, learner, name, clientUrls);
  }

  ClusterMember promoted() {
    return new ClusterMember(id, peerUrls, false, name, clientUrls);
  }
}
