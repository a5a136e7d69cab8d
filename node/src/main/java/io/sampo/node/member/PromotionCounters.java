package io.sampo.node.member;

import io.prometheus.metrics.core.metrics.Counter;
import io.sampo.node.metrics.MetricsRegistry;

/** etcd's families of learners that became voters, or did not. */
public final class PromotionCounters implements PromotionListener {
  private final Counter promoted;
  private final Counter refused;

  public PromotionCounters(MetricsRegistry registry) {
    promoted =
        registry.counter(
            "etcd_server_learner_promote_successes", "Learners promoted while this member led.");
    refused =
        registry.counter(
            "etcd_server_learner_promote_failures",
            "Learners not promoted while this member led.",
            "Reason");
  }

  @Override
  public void promoted() {
    promoted.inc();
  }

  @Override
  public void refused(String reason) {
    refused.labelValues(reason).inc();
  }
}
