package io.sampo.node.member;

import io.sampo.node.state.membership.ClusterMember;
import io.sampo.protocol.error.EtcdError;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Has another member, which leads, promote a learner: only the leader knows whether it is ready.
 */
public interface LeaderPromotion {
  /** For a member that has nobody to ask. */
  LeaderPromotion NONE =
      (id, token) -> CompletableFuture.failedFuture(EtcdError.TIMEOUT.exception());

  /**
   * The members afterwards; fails with the leader's error, or when no leader answered in time.
   *
   * @param token of the user who asked, if there was one
   */
  CompletableFuture<List<ClusterMember>> promote(long id, Optional<String> token);
}
