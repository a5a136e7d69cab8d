package io.sampo.node.raft;

/**
 * A member's view of the cluster at one moment; published on every change.
 *
 * @param leaderId 0 when no leader is known
 * @param committedIndex may be behind the truth after a start, until a leader was heard
 */
public record RaftStatus(
    long memberId,
    long term,
    long leaderId,
    RoleName role,
    long committedIndex,
    long appliedIndex) {

  public boolean isLeader() {
    return role == RoleName.LEADER;
  }
}
