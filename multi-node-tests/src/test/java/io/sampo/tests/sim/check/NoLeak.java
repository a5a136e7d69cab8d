package io.sampo.tests.sim.check;

import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.kernel.World;

/**
 * When the clients have left, nothing of theirs is left in a member: no request, watcher, session,
 * stream, wait for a lock, or timer.
 */
public final class NoLeak {
  /** A member that nobody uses has its ticks, and a few of Pekko's. */
  private static final int MOST_TIMERS = 10;

  private final World world;

  public NoLeak(World world) {
    this.world = world;
  }

  /** Not yet if its actors are only being started. */
  public boolean holds(SimMember member) {
    return member.isAssembled()
        && member.member().replica().consensus().answered().requests().size() == 0
        && member.isWithoutWatchSessions()
        && member.sessions().isEmpty()
        && world.timers(member.process()) <= MOST_TIMERS;
  }

  /** What is left, for the timeline. */
  public String describe(SimMember member) {
    return "%s: %d requests, sessions %s, %d timers, watches: %s"
        .formatted(
            member,
            member.isAssembled()
                ? member.member().replica().consensus().answered().requests().size()
                : 0,
            member.sessions(),
            world.timers(member.process()),
            !member.isWithoutWatchSessions());
  }
}
