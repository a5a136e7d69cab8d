package io.sampo.node.member;

import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.membership.ClusterState;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Ends a member whose cluster has a version above its own: it was upgraded without this one, which
 * may not understand what comes (etcd 3.7.1, "invalid downgrade").
 */
public final class VersionGuard implements Consumer<ApplyEvent> {
  private final Supplier<ClusterState> cluster;
  private final Consumer<Throwable> failed;
  private Optional<String> seen = Optional.empty();

  /**
   * @param failed told why the member cannot go on; on the applier's thread
   */
  public VersionGuard(Supplier<ClusterState> cluster, Consumer<Throwable> failed) {
    this.cluster = cluster;
    this.failed = failed;
    check();
  }

  @Override
  public void accept(ApplyEvent event) {
    if (event instanceof ApplyEvent.Applied || event instanceof ApplyEvent.Replaced) {
      check();
    }
  }

  private void check() {
    Optional<String> version = cluster.get().clusterVersion();
    if (!version.equals(seen)) {
      seen = version;
      if (ClusterVersionRule.isBeyondUs(version)) {
        failed.accept(
            new IllegalStateException(
                "invalid downgrade; server version is lower than determined cluster version"));
      }
    }
  }
}
