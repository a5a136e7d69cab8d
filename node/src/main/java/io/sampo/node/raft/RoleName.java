package io.sampo.node.raft;

/** What a member is at the moment. */
public enum RoleName {
  FOLLOWER,
  CANDIDATE,
  LEADER,
  LEARNER
}
