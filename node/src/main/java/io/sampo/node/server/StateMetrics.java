package io.sampo.node.server;

import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.sampo.node.member.IdentityMetrics;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.request.Consensus;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** The families whose values are read from the node's published state when somebody scrapes. */
public final class StateMetrics {
  private StateMetrics() {}

  public static void register(
      MetricsRegistry registry, MemberSetup setup, RestoredState restored, Consensus consensus) {
    raft(registry, restored, consensus);
    store(registry, restored);
    IdentityMetrics.register(
        registry,
        consensus.memberId(),
        setup.config().storage().quotaBytes(),
        setup.config().featureGates(),
        restored.state());
    registry.gauge(
        "etcd_server_proposals_pending",
        "Proposals of this member that wait for their result.",
        () -> consensus.answered().requests().size());
    process(registry);
  }

  private static void raft(MetricsRegistry registry, RestoredState restored, Consensus consensus) {
    var status = restored.status();
    registry.gauge(
        "etcd_server_has_leader",
        "Whether a leader is known.",
        () -> status.get().leaderId() == 0 ? 0 : 1);
    registry.gauge(
        "etcd_server_is_leader",
        "Whether this member leads.",
        () -> status.get().isLeader() ? 1 : 0);
    registry.gauge(
        "etcd_server_is_learner",
        "Whether this member is a learner.",
        () -> consensus.isLearner() ? 1 : 0);
    registry.gauge(
        "etcd_server_proposals_committed_total",
        "The index committed last.",
        () -> status.get().committedIndex());
    registry.gauge(
        "etcd_server_proposals_applied_total",
        "The index applied last.",
        () -> restored.state().get().appliedIndex());
    registry.counter(
        "etcd_server_leader_changes_seen_total",
        "Leader changes seen by this member.",
        restored.counters()::leaderChanges);
  }

  private static void store(MetricsRegistry registry, RestoredState restored) {
    var state = restored.state();
    registry.gauge(
        "etcd_mvcc_db_total_size_in_bytes",
        "The logical size of the store, history included.",
        () -> state.get().sizeBytes());
    registry.gauge(
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "The same: there are no free pages.",
        () -> state.get().sizeBytes());
    registry.gauge(
        "etcd_mvcc_db_open_read_transactions",
        "Always 0: a reader takes an immutable view.",
        () -> 0);
    registry.gauge(
        "etcd_debugging_mvcc_current_revision",
        "The store's revision.",
        () -> state.keys().revision());
    registry.gauge(
        "etcd_debugging_mvcc_compact_revision",
        "The revision of the last compaction.",
        () -> state.keys().compactRevision());
    registry.gauge(
        "etcd_debugging_mvcc_keys_total",
        "Keys in the store.",
        () -> state.keys().count(io.sampo.protocol.key.KeyRange.of(new byte[0], new byte[] {0})));
    registry.gauge("etcd_debugging_auth_revision", "The revision of the auth store.", () -> 1);
  }

  private static void process(MetricsRegistry registry) {
    ProcessMetrics.builder().register(registry.library());
    JvmMemoryMetrics.builder().register(registry.library());
    JvmGarbageCollectorMetrics.builder().register(registry.library());
    JvmThreadsMetrics.builder().register(registry.library());
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
      registry.gauge("os_fd_used", "File descriptors in use.", unix::getOpenFileDescriptorCount);
      registry.gauge(
          "os_fd_limit", "The limit of file descriptors.", unix::getMaxFileDescriptorCount);
    }
  }
}
