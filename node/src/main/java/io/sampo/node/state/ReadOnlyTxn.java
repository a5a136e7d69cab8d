package io.sampo.node.state;

import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResponseEncoder;
import io.sampo.node.state.mvcc.RangeResult;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.List;
import java.util.function.Predicate;

/** Transactions that only read: they need no log entry and run on a view, on any thread. */
public final class ReadOnlyTxn {
  private ReadOnlyTxn() {}

  /** Whether both branches have ranges only. A nested transaction makes it a write, as in etcd. */
  public static boolean isReadOnly(TxnRequest request) {
    return all(request, RequestOp::hasRequestRange);
  }

  /** Whether all its ranges are serializable, so that it needs no read barrier. */
  public static boolean isSerializable(TxnRequest request) {
    return all(
        request,
        operation -> operation.hasRequestRange() && operation.getRequestRange().getSerializable());
  }

  private static boolean all(TxnRequest request, Predicate<RequestOp> predicate) {
    return request.getSuccessList().stream().allMatch(predicate)
        && request.getFailureList().stream().allMatch(predicate);
  }

  /**
   * Runs it. Beyond the limit nothing is collected any more, only counted.
   *
   * @throws io.sampo.protocol.error.EtcdException COMPACTED or FUTURE_REVISION, or that the answer
   *     is too large
   */
  public static TxnResponse run(MvccView view, TxnRequest request, SendLimit limit) {
    boolean success = Compares.hold(view, request.getCompareList());
    ResponseHeader header = Headers.at(view.revision());
    TxnResponse.Builder response = TxnResponse.newBuilder().setHeader(header).setSucceeded(success);
    List<RequestOp> operations = branch(request, success);
    operations.forEach(operation -> check(view, operation.getRequestRange()));
    BoundedResponses responses = new BoundedResponses(limit);
    for (RequestOp operation : operations) {
      RangeResult result = view.range(RangeQuery.of(operation.getRequestRange()));
      if (responses.admit(RangeResponseEncoder.size(header, result))) {
        response.addResponses(
            ResponseOp.newBuilder().setResponseRange(RangeResponseEncoder.message(header, result)));
      } else {
        response.clearResponses();
      }
    }
    responses.check();
    return response.build();
  }

  /** Unlike in a plain range, a negative revision is not 0 here: it is before every compaction. */
  static void check(MvccView view, RangeRequest request) {
    long revision = request.getRevision();
    if (revision != 0 && revision > view.revision()) {
      throw EtcdError.FUTURE_REVISION.exception();
    }
    if (revision != 0 && revision < view.compactRevision()) {
      throw EtcdError.COMPACTED.exception();
    }
  }

  static List<RequestOp> branch(TxnRequest request, boolean success) {
    return success ? request.getSuccessList() : request.getFailureList();
  }
}
