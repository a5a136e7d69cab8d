package io.sampo.node.lease;

import io.sampo.node.state.lease.LeaseTable;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the lessor works with.
 *
 * @param table the newest table, from any thread; never older than the events that the lessor was
 *     told
 * @param renewals what is renewed without the lessor
 */
record LeaseContext(
    Supplier<LeaseTable> table,
    LeaseProposals proposals,
    LeaseSettings settings,
    LeaseClock clock,
    LeaseMetrics metrics,
    Renewals renewals) {

  /**
   * @param nanoTime a monotonic clock
   */
  static LeaseContext of(
      Supplier<LeaseTable> table,
      LeaseProposals proposals,
      LeaseSettings settings,
      LongSupplier nanoTime,
      LeaseMetrics metrics) {
    LeaseClock clock = new LeaseClock(nanoTime);
    return new LeaseContext(
        table, proposals, settings, clock, metrics, new Renewals(table, clock, metrics));
  }
}
