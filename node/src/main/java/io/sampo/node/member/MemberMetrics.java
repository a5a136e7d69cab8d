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
            "etcd_server_learner_promote_successes", "Learners promoted while this member led.");
    refused =
        registry.counter(
            "etcd_server_learner_promote_failures",
            "Learners not promoted while this member led.",
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
        .gauge("etcd_server_version", "The version that runs.", "server_version")
        .labelValues(EtcdVersion.SERVER)
        .set(1);
    registry
        .gauge("etcd_server_go_version", "The runtime, in the place of Go's.", "server_go_version")
        .labelValues(EtcdVersion.runtime())
        .set(1);
    var gates =
        registry.gauge(
            "etcd_server_feature_enabled", "Whether a feature gate is on.", "name", "stage");
    FeatureGates.stages()
        .forEach((gate, stage) -> gates.labelValues(gate, stage).set(set.isOn(gate) ? 1 : 0));
  }

  private static void showMember(
      MetricsRegistry registry, long memberId, Supplier<ClusterState> cluster) {
    registry
        .gauge("etcd_server_id", "This member's id in hexadecimal.", "server_id")
        .labelValues(Long.toHexString(memberId))
        .set(1);
    registry.gauge(
        "etcd_server_is_learner",
        "Whether this member is a learner.",
        () -> {
          ClusterMember self = cluster.get().member(memberId);
          return self != null && self.learner() ? 1 : 0;
        });
  }

  private static void showCluster(
      MetricsRegistry registry, String self, Supplier<ClusterState> cluster) {
    registry.gauges(
        "etcd_cluster_version",
        "The cluster's version.",
        series -> cluster.get().clusterVersion().ifPresent(it -> series.call(1, minor(it))),
        "cluster_version");
    registry.gauges(
        "etcd_network_known_peers",
        "The members of the cluster as this one knows them.",
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
