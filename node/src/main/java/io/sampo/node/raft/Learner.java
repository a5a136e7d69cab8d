package io.sampo.node.raft;

/**
 * Takes the log like a follower, but never campaigns and is not counted. It still answers vote
 * requests: a candidate that asks may know of a promotion that has not arrived here (etcd-io/raft).
 */
final class Learner extends Follower {

  Learner(RaftContext context, long leader) {
    super(context, leader, RoleName.LEARNER);
  }

  @Override
  Role onElectionTimeout() {
    return this;
  }
}
