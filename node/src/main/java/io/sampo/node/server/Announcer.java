package io.sampo.node.server;

import io.sampo.node.apply.PublishedState;
import io.sampo.node.request.Proposer;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.Attributes;
import io.sampo.protocol.membershippb.ClusterMemberAttrSetRequest;
import io.sampo.protocol.membershippb.ClusterVersionSetRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a member says of itself through the log once there is a leader: its name and client URLs,
 * and, as the leader, the cluster's version. Says nothing that the state knows already.
 */
final class Announcer {
  private final long memberId;
  private final String name;
  private final List<String> clientUrls;
  private final String clusterVersion;
  private final PublishedState state;
  private final Proposer<ApplyResult> proposer;

  Announcer(
      long memberId,
      String name,
      List<String> clientUrls,
      String clusterVersion,
      PublishedState state,
      Proposer<ApplyResult> proposer) {
    this.memberId = memberId;
    this.name = name;
    this.clientUrls = clientUrls;
    this.clusterVersion = clusterVersion;
    this.state = state;
    this.proposer = proposer;
  }

  /**
   * Completes when everything is applied here; fails when no leader took it in time.
   *
   * @param leads whether this member leads and so speaks for the cluster too
   */
  CompletableFuture<Void> announce(boolean leads) {
    return leads
        ? CompletableFuture.allOf(announceMember(), announceVersion())
        : CompletableFuture.allOf(announceMember());
  }

  private CompletableFuture<?> announceMember() {
    ClusterMember member = state.get().cluster().member(memberId);
    if (member != null && member.name().equals(name) && member.clientUrls().equals(clientUrls)) {
      return CompletableFuture.completedFuture(null);
    }
    return proposer.propose(
        InternalRaftRequest.newBuilder()
            .setClusterMemberAttrSet(
                ClusterMemberAttrSetRequest.newBuilder()
                    .setMemberID(memberId)
                    .setMemberAttributes(
                        Attributes.newBuilder().setName(name).addAllClientUrls(clientUrls))));
  }

  private CompletableFuture<?> announceVersion() {
    if (state.get().cluster().clusterVersion().filter(clusterVersion::equals).isPresent()) {
      return CompletableFuture.completedFuture(null);
    }
    return proposer.propose(
        InternalRaftRequest.newBuilder()
            .setClusterVersionSet(ClusterVersionSetRequest.newBuilder().setVer(clusterVersion)));
  }
}
