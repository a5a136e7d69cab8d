package io.sampo.tests.sim.check;

import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.CallListener;
import io.sampo.tests.sim.cluster.SimCluster;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A lease lives at least as long as was promised: its time counts from the moment when the promise
 * was asked for. Only a client's own revoke ends it earlier.
 */
public final class LeaseTimes implements Check, CallListener {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** How much a clock may run fast. */
  private static final double TOLERANCE = 0.002;

  private final Violations violations;
  private final CommittedLog committed;
  private final Map<Long, Long> promisedUntil = new HashMap<>();
  private final Map<Long, Call> promise = new HashMap<>();
  private final Set<Long> revokedByClients = new HashSet<>();

  public LeaseTimes(Violations violations, CommittedLog committed) {
    this.violations = violations;
    this.committed = committed;
  }

  @Override
  public void onCall(Call call) {
    if (call.request() instanceof LeaseRevokeRequest revoke) {
      revokedByClients.add(revoke.getID());
    } else if (call.response() instanceof LeaseGrantResponse granted) {
      promised(granted.getID(), granted.getTTL(), call);
    } else if (call.response() instanceof LeaseKeepAliveResponse renewed && renewed.getTTL() > 0) {
      promised(renewed.getID(), renewed.getTTL(), call);
    } else if (call.response() instanceof LeaseKeepAliveResponse gone) {
      gone(gone.getID(), call);
    }
  }

  private void promised(long id, long ttlSeconds, Call call) {
    long until = call.invokedNanos() + (long) (ttlSeconds * NANOS_PER_SECOND * (1 - TOLERANCE));
    if (until > promisedUntil.getOrDefault(id, 0L)) {
      promisedUntil.put(id, until);
      promise.put(id, call);
    }
  }

  private void gone(long id, Call call) {
    if (!revokedByClients.contains(id)
        && call.completedNanos() < promisedUntil.getOrDefault(id, 0L)) {
      violations.report(
          "leases", "gone although promised by " + promise.get(id) + ", told by " + call);
    }
  }

  @Override
  public void atEnd(SimCluster cluster) {
    judge();
  }

  /** Judges all promises by the revokes in the log as it now is. */
  public void judge() {
    Set<Long> ended = new HashSet<>();
    for (long index = 1; index <= committed.lastIndex(); index++) {
      CommittedLog.Committed entry = committed.at(index);
      if (entry.request().hasLeaseRevoke()) {
        long id = entry.request().getLeaseRevoke().getID();
        boolean first = ended.add(id);
        long until = promisedUntil.getOrDefault(id, 0L);
        if (first && !revokedByClients.contains(id) && entry.seenNanos() < until) {
          violations.report(
              "leases",
              "expired at %.6f s although promised until %.6f s by %s"
                  .formatted(entry.seenNanos() / 1e9, until / 1e9, promise.get(id)));
        }
      }
    }
  }
}
