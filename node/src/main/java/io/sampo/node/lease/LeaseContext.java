package io.sampo.node.lease;

import io.sampo.node.state.lease.LeaseTable;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the lessor works with.
 *
 * @param table the newest table, from any thread; never older than the events that the lessor was
 *     told
 * @param raftIsActive whether Raft's thread has come by lately, from any thread
 * @param renewals what is renewed without the lessor
 */
record LeaseContext(
    Supplier<LeaseTable> table,
    LeaseProposals proposals,
    LeaseSettings settings,
    LeaseClock clock,
    LeaseMetrics metrics,
    BooleanSupplier raftIsActive,
    Renewals renewals) {

  /**
   * @param nanoTime a monotonic clock
   */
  static LeaseContext of(
      Supplier<LeaseTable> table,
      LeaseProposals proposals,
      LeaseSettings settings,
      LongSupplier nanoTime,
      LeaseMetrics metrics,
      BooleanSupplier raftIsActive) {
    LeaseClock clock = new LeaseClock(nanoTime);
    return new LeaseContext(
        table,
        proposals,
        settings,
        clock,
        metrics,
        raftIsActive,
        new Renewals(table, clock, metrics));
  }
}
