package io.sampo.tests.sim.check;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.kernel.World;
import java.util.List;

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
        && isWithoutWatchSessions(member)
        && sessions(member).isEmpty()
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
            sessions(member),
            world.timers(member.process()),
            !isWithoutWatchSessions(member));
  }

  /** Whether no watch stream is open and nobody watches; as its metrics say. */
  private static boolean isWithoutWatchSessions(SimMember member) {
    double open = 0;
    for (MetricSnapshot family :
        member
            .restored()
            .metrics()
            .library()
            .scrape(name -> name.startsWith("etcd_debugging_mvcc_watch"))) {
      for (var point : ((GaugeSnapshot) family).getDataPoints()) {
        open += point.getValue();
      }
    }
    return open == 0;
  }

  /** Actors of watch streams, of waits for locks, and of streams, as Pekko's tree shows them. */
  private static List<String> sessions(SimMember member) {
    return member
        .system()
        .printTree()
        .lines()
        .filter(
            line ->
                line.contains("-> watch-")
                    || line.contains("-> delete-wait-")
                    || line.contains("-> flow-"))
        .map(String::strip)
        .toList();
  }
}
