package io.sampo.node.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.lease.LeaseEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseMetricsTest {
  private final MetricsRegistry registry = new MetricsRegistry();

  @Test
  void grantsCountWithTheirTimeAndRevokesToo() {
    new LeaseMetrics(registry)
        .applied(
            List.of(
                new LeaseEvent.Granted(1, 7),
                new LeaseEvent.Granted(2, 600),
                new LeaseEvent.Checkpointed(1, 5),
                new LeaseEvent.Revoked(1)));
    assertEquals(2, MetricsPage.value(registry, "etcd_debugging_lease_granted_total"));
    assertEquals(1, MetricsPage.value(registry, "etcd_debugging_lease_revoked_total"));
    assertEquals(607, MetricsPage.value(registry, "etcd_debugging_lease_ttl_total_sum"));
  }
}
