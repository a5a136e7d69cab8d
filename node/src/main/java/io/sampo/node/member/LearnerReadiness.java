package io.sampo.node.member;

import io.sampo.protocol.error.EtcdError;
import java.util.Map;
import java.util.Optional;

/** Whether a learner is in sync with its leader: etcd 3.7.1 wants nine tenths of the log. */
final class LearnerReadiness {
  private static final double READY = 0.9;

  private LearnerReadiness() {}

  /**
   * Why the learner may not be promoted; empty if nothing is known against it. That it is a learner
   * at all is seen when the promotion is applied.
   *
   * @param matches how far each member's log matches the leader's, by id
   */
  static Optional<EtcdError> refusal(long leader, Map<Long, Long> matches, long learner) {
    Long match = matches.get(learner);
    if (match == null) {
      return Optional.of(EtcdError.MEMBER_NOT_FOUND);
    }
    boolean ready = (double) match / matches.get(leader) >= READY;
    return ready ? Optional.empty() : Optional.of(EtcdError.LEARNER_NOT_READY);
  }
}
