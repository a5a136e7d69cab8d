package io.sampo.node.member;

import io.sampo.node.request.Proposer;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.Attributes;
import io.sampo.protocol.membershippb.ClusterMemberAttrSetRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a member says of itself through the log once there is a leader: its name and client URLs.
 * Says nothing that the state knows already.
 */
public final class MemberPublisher {
  private final long memberId;
  private final String name;
  private final List<String> clientUrls;
  private final PublishedState state;
  private final Proposer<ApplyResult> proposer;

  public MemberPublisher(
      long memberId,
      String name,
      List<String> clientUrls,
      PublishedState state,
      Proposer<ApplyResult> proposer) {
    this.memberId = memberId;
    this.name = name;
    this.clientUrls = clientUrls;
    this.state = state;
    this.proposer = proposer;
  }

  /** Completes when it is applied here; fails when no leader took it in time. */
  public CompletableFuture<Void> announce() {
    return CompletableFuture.allOf(announceMember());
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
}
