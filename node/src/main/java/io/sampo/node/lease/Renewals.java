package io.sampo.node.lease;

import io.sampo.node.failpoint.Failpoint;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.lease.LeaseTable;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Renewals that need no actor: while this member leads and knows it, a lease that lives and has no
 * note of what was left of it is renewed on the thread of whoever asks. All else is for the {@link
 * Lessor}, which says here when it leads.
 */
final class Renewals {
  private record Leadership(
      LeadershipConfirmation confirmation, ConcurrentMap<Long, SessionEntry> sessions) {}

  private final Supplier<LeaseTable> table;
  private final LeaseClock clock;
  private final LeaseMetrics metrics;

  /** Null while this member does not lead. */
  private volatile Leadership leadership;

  /**
   * @param table the newest
   */
  Renewals(Supplier<LeaseTable> table, LeaseClock clock, LeaseMetrics metrics) {
    this.table = table;
    this.clock = clock;
    this.metrics = metrics;
  }

  void begin(LeadershipConfirmation confirmation, ConcurrentMap<Long, SessionEntry> sessions) {
    leadership = new Leadership(confirmation, sessions);
  }

  void end() {
    leadership = null;
  }

  /**
   * Renews the lease, if that is all there is to do; for any thread.
   *
   * @return the granted time in seconds; 0 if the lessor has to be asked
   */
  long renew(long id) {
    Leadership current = leadership;
    if (current == null || !current.confirmation.isSure(clock)) {
      return 0;
    }
    SessionEntry entry = current.sessions.get(id);
    if (entry == null || !isSettled(id, entry.deadline())) {
      return 0;
    }
    Failpoint.BEFORE_CHECKPOINT_IN_LEASE_RENEW.reached();
    if (!entry.deadline().renew()) {
      return 0;
    }
    metrics.renewed();
    return entry.deadline().ttlSeconds();
  }

  /** Whether the lessor has heard all about the lease that a client may have: it hears it later. */
  private boolean isSettled(long id, LeaseDeadline deadline) {
    Lease lease = table.get().get(id);
    return lease != null
        && lease.ttlSeconds() == deadline.ttlSeconds()
        && lease.remainingSeconds() == 0;
  }
}
