package io.sampo.tests.faults;

import io.sampo.tests.faults.network.LinkState;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Does to a cluster what a {@link Fault} says, and undoes it. */
final class FaultInjector {
  /** More than the log keeps behind a snapshot: see {@link FaultRound#FLAGS}. */
  private static final long LAG_WRITES = 200;

  private static final Duration DELAY = Duration.ofMillis(200);
  private static final int SLOW_BYTES_PER_SECOND = 20_000;

  private final FaultyCluster cluster;
  private final RandomGenerator random;
  private final LongSupplier writes;
  private final Consumer<String> lines;

  /**
   * @param writes acknowledged so far
   */
  FaultInjector(
      FaultyCluster cluster, RandomGenerator random, LongSupplier writes, Consumer<String> lines) {
    this.cluster = cluster;
    this.random = random;
    this.writes = writes;
    this.lines = lines;
  }

  /** Returns when the fault is over; what it did may take longer to heal. */
  void inject(Fault fault) {
    List<Integer> victims = victims(fault.target());
    lines.accept(fault + ": " + names(victims));
    victims.forEach(victim -> begin(fault.action(), victim));
    last(fault);
    victims.forEach(victim -> end(fault.action(), victim));
    cluster.network().heal();
  }

  private String names(List<Integer> victims) {
    return String.join(
        ", ", victims.stream().map(victim -> cluster.member(victim).name()).toList());
  }

  private List<Integer> victims(Fault.Target target) {
    int leader = cluster.awaitLeader();
    List<Integer> followers = new ArrayList<>();
    for (int i = 0; i < cluster.size(); i++) {
      if (i != leader) {
        followers.add(random.nextInt(followers.size() + 1), i);
      }
    }
    List<Integer> victims = new ArrayList<>();
    switch (target) {
      case LEADER -> victims.add(leader);
      case FOLLOWER -> victims.add(followers.get(0));
      case MINORITY -> {
        victims.add(leader);
        victims.addAll(followers.subList(0, (cluster.size() - 1) / 2 - 1));
      }
      case ALL -> {
        victims.add(leader);
        victims.addAll(followers);
      }
      default -> throw new IllegalStateException("whom? " + target);
    }
    return victims;
  }

  private void last(Fault fault) {
    Await.pause(fault.length());
    if (fault.action() == Fault.Action.LAG) {
      long enough = writes.getAsLong() + LAG_WRITES;
      Await.until(
          FaultyCluster.PATIENCE,
          () -> "no writes without one follower",
          () -> writes.getAsLong() >= enough);
    }
  }

  private void begin(Fault.Action action, int victim) {
    ServerUnderTest member = cluster.member(victim);
    switch (action) {
      case KILL, LAG -> member.kill();
      case PAUSE -> member.pause();
      case CUT -> links(victim, LinkState.DOWN, LinkState.DOWN);
      case HOLD -> links(victim, LinkState.HELD, LinkState.HELD);
      case MUTE -> links(victim, LinkState.HELD, LinkState.OPEN);
      case DEAFEN -> links(victim, LinkState.OPEN, LinkState.HELD);
      case DELAY -> links(victim, LinkState.delayed(DELAY), LinkState.delayed(DELAY));
      case SLOW -> links(victim, slow(), slow());
      case RESET -> {
        for (int other = 0; other < cluster.size(); other++) {
          cluster.network().reset(victim, other);
          cluster.network().reset(other, victim);
        }
      }
      default -> throw new IllegalStateException("what? " + action);
    }
  }

  private static LinkState slow() {
    return LinkState.slow(SLOW_BYTES_PER_SECOND);
  }

  private void links(int victim, LinkState from, LinkState to) {
    for (int other = 0; other < cluster.size(); other++) {
      if (other != victim) {
        cluster.network().set(victim, other, from);
        cluster.network().set(other, victim, to);
      }
    }
  }

  private void end(Fault.Action action, int victim) {
    ServerUnderTest member = cluster.member(victim);
    switch (action) {
      case KILL, LAG -> member.launch();
      case PAUSE -> member.resume();
      default -> {}
    }
  }
}
