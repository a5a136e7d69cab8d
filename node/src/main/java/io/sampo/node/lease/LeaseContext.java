package io.sampo.node.lease;

import io.sampo.node.state.lease.LeaseTable;
import java.util.function.Supplier;

/**
 * What the lessor works with.
 *
 * @param table the newest table; never older than the events that the lessor was told
 */
record LeaseContext(
    Supplier<LeaseTable> table,
    LeaseProposals proposals,
    LeaseSettings settings,
    LeaseClock clock,
    LeaseMetrics metrics) {}
