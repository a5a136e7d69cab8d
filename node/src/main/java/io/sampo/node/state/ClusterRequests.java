package io.sampo.node.state;

import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.ClusterMemberAttrSetRequest;
import io.sampo.protocol.membershippb.DowngradeInfoSetRequest;
import java.util.Optional;

/** The requests by which members say what they are, and the leader what the cluster is. */
public final class ClusterRequests {
  private ClusterRequests() {}

  /** The cluster after the request; empty if the request is about something else. */
  public static Optional<ClusterState> apply(ClusterState cluster, InternalRaftRequest request) {
    if (request.hasClusterVersionSet()) {
      return Optional.of(cluster.withVersion(request.getClusterVersionSet().getVer()));
    }
    if (request.hasClusterMemberAttrSet()) {
      ClusterMemberAttrSetRequest set = request.getClusterMemberAttrSet();
      return Optional.of(
          cluster.withAttributes(
              set.getMemberID(),
              set.getMemberAttributes().getName(),
              set.getMemberAttributes().getClientUrlsList()));
    }
    if (request.hasDowngradeInfoSet()) {
      DowngradeInfoSetRequest set = request.getDowngradeInfoSet();
      return Optional.of(
          cluster.withDowngrade(
              set.getEnabled() ? new DowngradeState(true, set.getVer()) : DowngradeState.NONE));
    }
    return Optional.empty();
  }
}
