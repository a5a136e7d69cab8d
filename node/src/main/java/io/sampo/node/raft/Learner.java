package io.sampo.node.raft;

/**
 * Takes the log like a follower, but is not counted and does not campaign, unless its log holds its
 * promotion, which may have been committed. It still answers vote requests: a candidate that asks
 * may know of a promotion that has not arrived here (etcd-io/raft).
 */
final class Learner extends Follower {

  Learner(RaftContext context, long leader) {
    super(context, leader, RoleName.LEARNER);
  }

  @Override
  Role onElectionTimeout() {
    return mayBeVoter() ? super.onElectionTimeout() : this;
  }
}
