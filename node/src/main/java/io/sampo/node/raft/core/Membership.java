package io.sampo.node.raft.core;

import io.sampo.protocol.raftpb.ConfState;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Who votes and who only listens; immutable. Ids are ordered, so that everything that walks them
 * does so the same way on every run.
 */
public record Membership(SortedSet<Long> voters, SortedSet<Long> learners) {
  public static final Membership EMPTY = new Membership(new TreeSet<>(), new TreeSet<>());

  public Membership {
    voters = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(voters));
    learners = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(learners));
    for (long learner : learners) {
      Invariants.check(!voters.contains(learner), "member is voter and learner");
    }
  }

  /** Joint configurations are refused: neither etcd 3.7's server nor Sampo makes one. */
  public static Membership of(ConfState state) {
    Invariants.check(
        state.getVotersOutgoingCount() == 0 && state.getLearnersNextCount() == 0,
        "joint membership is not supported");
    return new Membership(
        new TreeSet<>(state.getVotersList()), new TreeSet<>(state.getLearnersList()));
  }

  public ConfState toConfState() {
    return ConfState.newBuilder()
        .addAllVoters(voters)
        .addAllLearners(learners)
        .setAutoLeave(false)
        .build();
  }

  public boolean isVoter(long id) {
    return voters.contains(id);
  }

  public boolean isLearner(long id) {
    return learners.contains(id);
  }

  public boolean contains(long id) {
    return isVoter(id) || isLearner(id);
  }

  /** Whether this member needs nobody's consent. */
  public boolean isOnlyVoter(long id) {
    return voters.size() == 1 && voters.contains(id);
  }

  public Stream<Long> all() {
    return Stream.concat(voters.stream(), learners.stream()).sorted();
  }

  public Quorum quorum() {
    return new Quorum(voters);
  }
}
