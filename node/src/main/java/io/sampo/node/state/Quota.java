package io.sampo.node.state;

import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.List;

/**
 * What requests cost against the space quota (etcd 3.7.1, storage/quota.go), and whether they fit.
 *
 * @param limitBytes the size the store has to stay below; Long.MAX_VALUE for no quota
 */
public record Quota(long limitBytes) {
  private static final long DEFAULT_BYTES = 2L * 1024 * 1024 * 1024;
  private static final long LEASE_COST = 64;
  private static final long PUT_COST = 256;

  /** The quota a flag asks for: 0 for the default of 2 GiB, below 0 for none. */
  public static Quota ofFlag(long quotaBytes) {
    if (quotaBytes < 0) {
      return new Quota(Long.MAX_VALUE);
    }
    return new Quota(quotaBytes == 0 ? DEFAULT_BYTES : quotaBytes);
  }

  /** Whether a request of that cost fits on top of the size. A cost of 0 always does. */
  public boolean admits(long sizeBytes, long cost) {
    return cost == 0 || limitBytes == Long.MAX_VALUE || sizeBytes + cost < limitBytes;
  }

  public static long cost(PutRequest request) {
    return PUT_COST + request.getKey().size() + request.getValue().size();
  }

  public static long cost(LeaseGrantRequest request) {
    return LEASE_COST;
  }

  /** What the dearer of the two branches costs, nested transactions included. */
  public static long cost(TxnRequest request) {
    return Math.max(cost(request.getSuccessList()), cost(request.getFailureList()));
  }

  private static long cost(List<RequestOp> operations) {
    long cost = 0;
    for (RequestOp operation : operations) {
      if (operation.hasRequestPut()) {
        cost += cost(operation.getRequestPut());
      } else if (operation.hasRequestTxn()) {
        cost += cost(operation.getRequestTxn());
      }
    }
    return cost;
  }
}
