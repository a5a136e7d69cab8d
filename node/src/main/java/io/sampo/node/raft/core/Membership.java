package io.sampo.node.raft.core;

import io.sampo.protocol.raftpb.ConfState;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Who votes and who only listens; immutable. Ids are ordered as etcd orders them (unsigned), so
 * that everything that walks them does so the same way on every run.
 */
public record Membership(SortedSet<Long> voters, SortedSet<Long> learners) {
  public static final Membership EMPTY = new Membership(List.of(), List.of());

  public Membership(Collection<Long> voters, Collection<Long> learners) {
    this(ordered(voters), ordered(learners));
  }

  public Membership {
    voters = ordered(voters);
    learners = ordered(learners);
    for (long learner : learners) {
      Invariants.check(!voters.contains(learner), "member is voter and learner");
    }
  }

  /** Joint configurations are refused: neither etcd 3.7's server nor Sampo makes one. */
  public static Membership of(ConfState state) {
    Invariants.check(
        state.getVotersOutgoingCount() == 0 && state.getLearnersNextCount() == 0,
        "joint membership is not supported");
    return new Membership(state.getVotersList(), state.getLearnersList());
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
    return Stream.concat(voters.stream(), learners.stream()).sorted(Long::compareUnsigned);
  }

  public Quorum quorum() {
    return new Quorum(voters);
  }

  private static SortedSet<Long> ordered(Collection<Long> ids) {
    SortedSet<Long> ordered = new TreeSet<>(Long::compareUnsigned);
    ordered.addAll(ids);
    return Collections.unmodifiableSortedSet(ordered);
  }

  @Override
  public String toString() {
    return "voters " + names(voters) + (learners.isEmpty() ? "" : " learners " + names(learners));
  }

  private static List<String> names(Collection<Long> ids) {
    return ids.stream().map(Long::toHexString).toList();
  }
}
