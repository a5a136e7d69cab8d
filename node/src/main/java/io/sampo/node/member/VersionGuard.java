package io.sampo.node.member;

import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.version.EtcdVersion;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a member whose cluster has a version above its own: it was upgraded without this one, which
 * may not understand what comes (etcd 3.7.1, "invalid downgrade").
 */
public final class VersionGuard implements Consumer<ApplyEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(VersionGuard.class);

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

  /** As etcd says it when its stored form has the version that a downgrade goes to. */
  private void sayWhatIsReady(Optional<String> version) {
    cluster
        .get()
        .downgrade()
        .filter(downgrade -> version.filter(downgrade.targetVersion()::equals).isPresent())
        .ifPresent(
            downgrade ->
                LOG.atInfo()
                    .addKeyValue("target-version", downgrade.targetVersion())
                    .addKeyValue("server-version", EtcdVersion.SERVER)
                    .log("The server is ready to downgrade"));
  }

  private void check() {
    Optional<String> version = cluster.get().clusterVersion();
    if (!version.equals(seen)) {
      seen = version;
      sayWhatIsReady(version);
      if (ClusterVersionRule.isBeyondUs(version)) {
        failed.accept(
            new IllegalStateException(
                "invalid downgrade; server version is lower than determined cluster version"));
      }
    }
  }
}
