package io.sampo.node.member;

import io.prometheus.metrics.core.metrics.Counter;
import io.sampo.node.boot.flag.FeatureGates;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.version.EtcdVersion;
import java.util.function.Supplier;

/** Who and what this member is, whom it knows, and the learners that it promoted as the leader. */
public final class MemberMetrics {
  private final Counter promoted;
  private final Counter refused;

  /**
   * @param cluster as this member has applied it, from any thread; read when somebody scrapes
   */
  public MemberMetrics(
      MetricsRegistry registry, long memberId, Supplier<ClusterState> cluster, FeatureGates gates) {
    promoted =
        registry.counter(
            "etcd_server_learner_promote_successes",
            "The total number of successful learner promotions while this member is leader.");
    refused =
        registry.counter(
            "etcd_server_learner_promote_failures",
            "The total number of failed learner promotions (likely learner not ready) while this"
                + " member is leader.",
            "Reason");
    showServer(registry, gates);
    showMember(registry, memberId, cluster);
    showCluster(registry, Long.toHexString(memberId), cluster);
  }

  /** A learner became a voter. Called on any thread. */
  void promoted() {
    promoted.inc();
  }

  /**
   * A learner did not become a voter. Called on any thread.
   *
   * @param reason as etcd's label names it
   */
  void refused(String reason) {
    refused.labelValues(reason).inc();
  }

  private static void showServer(MetricsRegistry registry, FeatureGates set) {
    registry
        .gauge(
            "etcd_server_version",
            "Which version is running. 1 for 'server_version' label with current version.",
            "server_version")
        .labelValues(EtcdVersion.SERVER)
        .set(1);
    registry
        .gauge(
            "etcd_server_go_version",
            "Which Go version server is running with. 1 for 'server_go_version' label with current"
                + " version.",
            "server_go_version")
        .labelValues(EtcdVersion.runtime())
        .set(1);
    var gates =
        registry.gauge(
            "etcd_server_feature_enabled",
            "Whether or not a feature is enabled. 1 is enabled, 0 is not.",
            "name",
            "stage");
    FeatureGates.stages()
        .forEach((gate, stage) -> gates.labelValues(gate, stage).set(set.isOn(gate) ? 1 : 0));
  }

  private static void showMember(
      MetricsRegistry registry, long memberId, Supplier<ClusterState> cluster) {
    registry
        .gauge(
            "etcd_server_id",
            "Server or member ID in hexadecimal format. 1 for 'server_id' label with current ID.",
            "server_id")
        .labelValues(Long.toHexString(memberId))
        .set(1);
    registry.gauge(
        "etcd_server_is_learner",
        "Whether or not this member is a learner. 1 if is, 0 otherwise.",
        () -> {
          ClusterMember self = cluster.get().member(memberId);
          return self != null && self.learner() ? 1 : 0;
        });
  }

  private static void showCluster(
      MetricsRegistry registry, String self, Supplier<ClusterState> cluster) {
    registry.gauges(
        "etcd_cluster_version",
        "Which version is running. 1 for 'cluster_version' label with current cluster version",
        series -> cluster.get().clusterVersion().ifPresent(it -> series.call(1, minor(it))),
        "cluster_version");
    registry.gauges(
        "etcd_network_known_peers",
        "The current number of known peers.",
        series -> {
          ClusterState now = cluster.get();
          for (ClusterMember member : now.members().values()) {
            series.call(1, self, Long.toHexString(member.id()));
          }
          for (long removed : now.removed()) {
            series.call(0, self, Long.toHexString(removed));
          }
        },
        "Local",
        "Remote");
  }

  /** {@code 3.7} of {@code 3.7.0}. */
  private static String minor(String version) {
    int end = version.lastIndexOf('.');
    return version.indexOf('.') == end ? version : version.substring(0, end);
  }
}
