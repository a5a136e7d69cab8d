package io.sampo.node.member;

import io.sampo.node.auth.AccessGate;
import io.sampo.node.request.Consensus;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Everything about who the members are.
 *
 * @param changes takes changes through the log, for clients and for other members
 * @param service etcd's Cluster service
 */
public record MemberFeature(MemberChanges changes, ClusterService service) {

  /**
   * @param strict empty without {@code --strict-reconfig-check}
   * @param leader promotes where this member does not lead
   */
  public static MemberFeature create(
      Consensus consensus,
      AccessGate access,
      Optional<StrictReconfiguration> strict,
      LeaderPromotion leader,
      MemberMetrics metrics,
      LongSupplier currentMillis) {
    MemberChanges changes =
        new MemberChanges(
            new MemberChanges.Environment(
                consensus.memberId(),
                consensus.raft(),
                consensus.ids(),
                consensus.answered().changes(),
                consensus::cluster,
                consensus.gate()::linearizable,
                consensus.answers(),
                strict,
                leader,
                metrics));
    return new MemberFeature(
        changes,
        new ClusterService(
            consensus.gate(),
            access,
            changes,
            new NewMembers(currentMillis),
            consensus.state(),
            consensus.headers()));
  }
}
