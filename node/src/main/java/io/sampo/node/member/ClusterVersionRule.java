package io.sampo.node.member;

import java.util.Collection;
import java.util.Optional;

/**
 * What version a cluster has: that of its oldest member (etcd 3.7.1, version/monitor.go). It rises
 * when the last member was upgraded, and goes back only as far as a downgrade asks.
 */
public final class ClusterVersionRule {
  private ClusterVersionRule() {}

  /**
   * The version to propose; empty if nothing is to change.
   *
   * @param current empty while the cluster has none
   * @param downgradeTarget where a downgrade that was begun goes to
   * @param members what each member runs; empty for one that did not say
   */
  public static Optional<ServerVersion> decide(
      Optional<ServerVersion> current,
      Optional<ServerVersion> downgradeTarget,
      Collection<Optional<ServerVersion>> members) {
    Optional<ServerVersion> least =
        members.stream().allMatch(Optional::isPresent)
            ? members.stream().map(Optional::get).min(ServerVersion::compareTo)
            : Optional.empty();
    if (current.isEmpty()) {
      return Optional.of(least.orElse(ServerVersion.OLDEST));
    }
    if (least.isEmpty()) {
      return least;
    }
    if (downgradeTarget.isPresent()) {
      ServerVersion target = downgradeTarget.get();
      boolean reachable =
          target.equals(current.get().oneMinorBelow())
              && target.equals(least.get().oneMinorBelow());
      return reachable ? downgradeTarget : Optional.empty();
    }
    boolean rises =
        current.get().major() == least.get().major() && current.get().compareTo(least.get()) < 0;
    return rises ? least : Optional.empty();
  }

  /**
   * Whether a cluster of this version may use what this server does not know, so that it has to end
   * (etcd 3.7.1, MustDetectDowngrade).
   */
  public static boolean isBeyondUs(Optional<String> clusterVersion) {
    return clusterVersion
        .flatMap(ServerVersion::parse)
        .filter(version -> version.compareTo(ServerVersion.OURS) > 0)
        .isPresent();
  }
}
