package io.sampo.node.metrics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.apply.ApplyMetrics;
import io.sampo.node.apply.SnapshotMetrics;
import io.sampo.node.apply.StoreFamilies;
import io.sampo.node.boot.flag.FeatureGates;
import io.sampo.node.kv.RangeMetrics;
import io.sampo.node.lease.LeaseMetrics;
import io.sampo.node.maintenance.MaintenanceMetrics;
import io.sampo.node.member.MemberMetrics;
import io.sampo.node.peer.PeerMetrics;
import io.sampo.node.raft.PublishedStatus;
import io.sampo.node.raft.RaftMetrics;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.request.SlowApplyMetrics;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.PublishedState;
import io.sampo.node.watch.WatchMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The features' families beside each other; no name belongs to two of them. */
class FamiliesTest {
  private final MetricsRegistry registry = new MetricsRegistry();

  @Test
  void featuresShowEtcdsFamiliesFromTheFirstSecond() {
    UnusedFamilies.register(registry);
    ProcessFamilies.register(registry);
    StoreFamilies.register(registry, new PublishedState(NodeState.EMPTY), 1 << 20);
    SlowApplyMetrics slow = new SlowApplyMetrics(registry, 0);
    new ApplyMetrics(registry, slow, () -> 0);
    new SnapshotMetrics(registry);
    new RangeMetrics(registry, () -> 0, slow);
    new LeaseMetrics(registry);
    new MaintenanceMetrics(registry);
    new MemberMetrics(registry, 10, NodeState.EMPTY::cluster, FeatureGates.DEFAULTS);
    new PeerMetrics(registry, "a");
    new RaftMetrics(registry, new PublishedStatus(10, () -> 0), () -> 0, Duration.ofMillis(100));
    new RequestMetrics(registry, () -> 0, () -> 3);
    new WatchMetrics(registry);
    String page = new String(registry.scrape(), StandardCharsets.UTF_8);
    for (String series :
        new String[] {
          "etcd_server_slow_apply_total 0",
          "etcd_mvcc_put_total 0",
          "etcd_mvcc_range_total 0",
          "etcd_disk_wal_fsync_duration_seconds_count 0",
          "etcd_snap_db_fsync_duration_seconds_count 0",
          "etcd_disk_backend_defrag_duration_seconds_count 0",
          "etcd_grpc_proxy_cache_hits_total 0",
          "etcd_debugging_lease_granted_total 0",
          "etcd_debugging_mvcc_watcher_total 0",
          "etcd_server_quota_backend_bytes 1.048576e+06",
          "etcd_server_has_leader 0",
          "etcd_server_id{server_id=\"a\"} 1",
          "etcd_server_proposals_pending 3",
          "jvm_threads_current",
          "go_goroutines",
          "sampo_gc_longest_pause_seconds"
        }) {
      assertTrue(page.contains("\n" + series), series);
    }
  }
}
