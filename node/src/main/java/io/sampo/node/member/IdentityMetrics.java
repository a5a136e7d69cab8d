package io.sampo.node.member;

import io.sampo.node.boot.EtcdVersion;
import io.sampo.node.boot.flag.FeatureGates;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.membership.ClusterMember;

/** The families that say who and what this member is: versions, ids, gates, quota, alarms. */
public final class IdentityMetrics {
  private IdentityMetrics() {}

  public static void register(
      MetricsRegistry registry,
      long memberId,
      long quotaBytes,
      FeatureGates set,
      PublishedState state) {
    String self = Long.toHexString(memberId);
    registry
        .gauge("etcd_server_version", "The version that runs.", "server_version")
        .labelValues(EtcdVersion.SERVER)
        .set(1);
    registry
        .gauge("etcd_server_go_version", "The runtime, in the place of Go's.", "server_go_version")
        .labelValues(EtcdVersion.runtime())
        .set(1);
    registry
        .gauge("etcd_server_id", "This member's id in hexadecimal.", "server_id")
        .labelValues(self)
        .set(1);
    registry.gauge(
        "etcd_server_quota_backend_bytes", "The storage quota in bytes.", () -> quotaBytes);
    var gates =
        registry.gauge(
            "etcd_server_feature_enabled", "Whether a feature gate is on.", "name", "stage");
    FeatureGates.stages()
        .forEach((gate, stage) -> gates.labelValues(gate, stage).set(set.isOn(gate) ? 1 : 0));
    cluster(registry, state, self);
  }

  private static void cluster(MetricsRegistry registry, PublishedState state, String self) {
    registry.gauges(
        "etcd_cluster_version",
        "The cluster's version.",
        series -> state.get().cluster().clusterVersion().ifPresent(it -> series.call(1, minor(it))),
        "cluster_version");
    registry.gauges(
        "etcd_network_known_peers",
        "The members of the cluster as this one knows them.",
        series -> {
          for (ClusterMember member : state.get().cluster().members().values()) {
            series.call(1, self, Long.toHexString(member.id()));
          }
          for (long removed : state.get().cluster().removed()) {
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
