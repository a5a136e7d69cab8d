package io.sampo.node.state;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortOrder;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortTarget;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.List;

/**
 * What etcd's API checks of a request before it is proposed (etcd 3.7.1, api/v3rpc/key.go). Every
 * method throws the {@link EtcdException} to answer with, or returns.
 */
public final class RequestChecks {
  private RequestChecks() {}

  public static void range(RangeRequest request) {
    if (request.getKey().isEmpty()) {
      throw EtcdError.EMPTY_KEY.exception();
    }
    if (request.getSortOrder() == SortOrder.UNRECOGNIZED
        || request.getSortTarget() == SortTarget.UNRECOGNIZED) {
      throw EtcdError.INVALID_SORT_OPTION.exception();
    }
  }

  public static void rangeStream(RangeRequest request) {
    range(request);
    boolean inKeyOrder =
        request.getSortOrder() == SortOrder.NONE
            || (request.getSortTarget() == SortTarget.KEY
                && request.getSortOrder() == SortOrder.ASCEND);
    if (!inKeyOrder) {
      throw new EtcdException(
          Status.Code.UNIMPLEMENTED, "RangeStream does not support custom sort orders");
    }
    if (request.getMinModRevision() != 0
        || request.getMaxModRevision() != 0
        || request.getMinCreateRevision() != 0
        || request.getMaxCreateRevision() != 0) {
      throw new EtcdException(
          Status.Code.UNIMPLEMENTED, "RangeStream does not support revision filters");
    }
  }

  public static void put(PutRequest request) {
    if (request.getKey().isEmpty()) {
      throw EtcdError.EMPTY_KEY.exception();
    }
    if (request.getIgnoreValue() && !request.getValue().isEmpty()) {
      throw EtcdError.VALUE_PROVIDED.exception();
    }
    if (request.getIgnoreLease() && request.getLease() != 0) {
      throw EtcdError.LEASE_PROVIDED.exception();
    }
  }

  public static void deleteRange(DeleteRangeRequest request) {
    if (request.getKey().isEmpty()) {
      throw EtcdError.EMPTY_KEY.exception();
    }
  }

  /**
   * Both branches are checked, whichever will run.
   *
   * @param maxOperations the flag {@code --max-txn-ops}
   */
  public static void txn(TxnRequest request, int maxOperations) {
    operations(request, maxOperations);
    OverlapCheck.check(request.getSuccessList());
    OverlapCheck.check(request.getFailureList());
  }

  /** A nested transaction may use what its parent has left of the budget. */
  private static void operations(TxnRequest request, int budget) {
    int operations =
        Math.max(
            request.getCompareCount(),
            Math.max(request.getSuccessCount(), request.getFailureCount()));
    if (operations > budget) {
      throw EtcdError.TOO_MANY_OPS.exception();
    }
    for (Compare compare : request.getCompareList()) {
      if (compare.getKey().isEmpty()) {
        throw EtcdError.EMPTY_KEY.exception();
      }
    }
    operations(request.getSuccessList(), budget - operations);
    operations(request.getFailureList(), budget - operations);
  }

  private static void operations(List<RequestOp> operations, int budget) {
    for (RequestOp operation : operations) {
      switch (operation.getRequestCase()) {
        case REQUEST_RANGE -> range(operation.getRequestRange());
        case REQUEST_PUT -> put(operation.getRequestPut());
        case REQUEST_DELETE_RANGE -> deleteRange(operation.getRequestDeleteRange());
        case REQUEST_TXN -> operations(operation.getRequestTxn(), budget);
        case REQUEST_NOT_SET -> throw EtcdError.KEY_NOT_FOUND.exception();
      }
    }
  }
}
