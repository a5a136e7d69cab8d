package io.sampo.node.raft.core;

import java.util.Arrays;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/** The majority rule over a set of voters. */
public record Quorum(SortedSet<Long> voters) {

  /** How an election stands. */
  public enum Result {
    WON,
    LOST,
    PENDING
  }

  public int size() {
    return voters.size() / 2 + 1;
  }

  /** Votes of members that are not voters do not count. No voters: nothing can be won. */
  public Result tally(Set<Long> granted, Set<Long> rejected) {
    int yes = count(granted::contains);
    int no = count(rejected::contains);
    if (voters.isEmpty() || yes < size()) {
      return voters.size() - no < size() && !voters.isEmpty() ? Result.LOST : Result.PENDING;
    }
    return Result.WON;
  }

  public boolean reachedBy(LongPredicate condition) {
    return !voters.isEmpty() && count(condition::test) >= size();
  }

  /** The largest value that a majority has reached; 0 without voters. */
  public long reached(LongUnaryOperator valueOf) {
    if (voters.isEmpty()) {
      return 0;
    }
    if (voters.size() == 1) {
      return valueOf.applyAsLong(voters.first());
    }
    long[] values = voters.stream().mapToLong(id -> valueOf.applyAsLong(id)).toArray();
    Arrays.sort(values);
    return values[values.length - size()];
  }

  private int count(java.util.function.Predicate<Long> condition) {
    int count = 0;
    for (Long voter : voters) {
      if (condition.test(voter)) {
        count++;
      }
    }
    return count;
  }
}
