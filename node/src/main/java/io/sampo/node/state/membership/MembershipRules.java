package io.sampo.node.state.membership;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.ConfState;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Applies one membership change from the log (etcd 3.7.1, membership/cluster.go): first whether it
 * still holds, then what it does to members and voters. Both are functions of the state alone, so
 * every member comes to the same answer.
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
    return switch (change.getType()) {
      case ConfChangeAddNode, ConfChangeAddLearnerNode -> addOrPromote(state, change);
      case ConfChangeRemoveNode -> {
        require(state, id);
        yield state.withoutMember(id).withConfState(removed(state.confState(), id));
      }
      case ConfChangeUpdateNode -> update(state, change);
    };
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
    ConfState confState = added(state.confState(), id, learner);
    ClusterState changed =
        context.promote()
            ? state.changed(id, ClusterMember::promoted)
            : state.withMember(context.member());
    return changed.withConfState(confState);
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

  private static ConfState added(ConfState before, long id, boolean learner) {
    TreeSet<Long> voters = sorted(before.getVotersList());
    TreeSet<Long> learners = sorted(before.getLearnersList());
    (learner ? voters : learners).remove(id);
    (learner ? learners : voters).add(id);
    return confState(voters, learners);
  }

  private static ConfState removed(ConfState before, long id) {
    TreeSet<Long> voters = sorted(before.getVotersList());
    TreeSet<Long> learners = sorted(before.getLearnersList());
    voters.remove(id);
    learners.remove(id);
    return confState(voters, learners);
  }

  private static TreeSet<Long> sorted(Iterable<Long> ids) {
    TreeSet<Long> sorted = new TreeSet<>(Long::compareUnsigned);
    ids.forEach(sorted::add);
    return sorted;
  }

  private static ConfState confState(TreeSet<Long> voters, TreeSet<Long> learners) {
    return ConfState.newBuilder()
        .addAllVoters(voters)
        .addAllLearners(learners)
        .setAutoLeave(false)
        .build();
  }
}
