package io.sampo.node.state.membership;

import io.sampo.node.raft.core.Membership;
import io.sampo.node.raft.core.MembershipChange;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Applies one membership change from the log (etcd 3.7.1, membership/cluster.go): first whether it
 * still holds, then what it does to members and voters. Both are functions of the state alone, so
 * every member comes to the same answer. Who votes and who learns afterwards is {@link
 * MembershipChange}'s to say, which Raft asks too.
 */
public final class MembershipRules {
  private final int maxLearners;

  /**
   * @param maxLearners how many learners the cluster may have; has to be alike on every member
   */
  public MembershipRules(int maxLearners) {
    this.maxLearners = maxLearners;
  }

  /**
   * The state after the change.
   *
   * @throws EtcdException if the change does not hold; the state stays as it was
   * @throws IllegalArgumentException if the change contradicts itself
   */
  public ClusterState apply(ClusterState state, ConfChange change) {
    long id = change.getNodeId();
    if (state.removed().contains(id)) {
      throw EtcdError.MEMBER_NOT_FOUND.exception();
    }
    ClusterState changed =
        switch (change.getType()) {
          case ConfChangeAddNode, ConfChangeAddLearnerNode -> addOrPromote(state, change);
          case ConfChangeRemoveNode -> remove(state, id);
          case ConfChangeUpdateNode -> update(state, change);
        };
    Membership counted = MembershipChange.apply(Membership.of(state.confState()), change);
    return changed.withConfState(counted.toConfState());
  }

  private ClusterState addOrPromote(ClusterState state, ConfChange change) {
    MemberJson.Change context = context(change);
    long id = change.getNodeId();
    boolean learner = change.getType() == ConfChangeType.ConfChangeAddLearnerNode;
    if (context.promote()) {
      if (!require(state, id).learner()) {
        throw EtcdError.MEMBER_NOT_LEARNER.exception();
      }
    } else {
      checkNew(state, context.member(), learner);
    }
    return context.promote()
        ? state.changed(id, ClusterMember::promoted)
        : state.withMember(context.member());
  }

  private void checkNew(ClusterState state, ClusterMember member, boolean learner) {
    if (state.members().containsKey(member.id())) {
      throw EtcdError.MEMBER_EXISTS.exception();
    }
    checkUrls(state, member);
    long learners = state.members().values().stream().filter(ClusterMember::learner).count();
    if (learner && member.learner() && learners + 1 > maxLearners) {
      throw EtcdError.TOO_MANY_LEARNERS.exception();
    }
  }

  private static ClusterState remove(ClusterState state, long id) {
    require(state, id);
    return state.withoutMember(id);
  }

  private static ClusterState update(ClusterState state, ConfChange change) {
    require(state, change.getNodeId());
    ClusterMember member = context(change).member();
    checkUrls(state, member);
    return state.changed(member.id(), old -> old.withPeerUrls(member.peerUrls()));
  }

  private static void checkUrls(ClusterState state, ClusterMember member) {
    Set<String> taken =
        state.members().values().stream()
            .filter(other -> other.id() != member.id())
            .flatMap(other -> other.peerUrls().stream())
            .collect(Collectors.toSet());
    if (member.peerUrls().stream().anyMatch(taken::contains)) {
      throw EtcdError.PEER_URL_EXISTS.exception();
    }
  }

  private static ClusterMember require(ClusterState state, long id) {
    ClusterMember member = state.member(id);
    if (member == null) {
      throw EtcdError.MEMBER_NOT_FOUND.exception();
    }
    return member;
  }

  private static MemberJson.Change context(ConfChange change) {
    MemberJson.Change context = MemberJson.decode(change.getContext().toByteArray());
    if (context.member().id() != change.getNodeId()) {
      throw new IllegalArgumentException("a membership change whose context is of another member");
    }
    return context;
  }
}
