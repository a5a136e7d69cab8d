package io.sampo.node.state;

import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResponseEncoder;
import io.sampo.node.state.mvcc.RangeResponses;
import io.sampo.node.state.mvcc.RangeResult;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Runs one transaction in etcd's three steps: every condition, nested ones too, on the state before
 * it; then every operation on the chosen path is checked, so that the third step, which writes,
 * cannot fail half way.
 */
final class TxnApplier {
  private final KeyWriter writer;
  private final boolean answerRanges;
  private final BoundedResponses ranges;

  /** The branches to take, in the order in which the operations come to them. */
  private final Deque<Boolean> path = new ArrayDeque<>();

  /**
   * @param answerRanges false where nobody waits for the answer: ranges are not run then
   * @param limit of the answer; beyond it ranges are only counted
   */
  TxnApplier(KeyWriter writer, boolean answerRanges, SendLimit limit) {
    this.writer = writer;
    this.answerRanges = answerRanges;
    this.ranges = new BoundedResponses(limit);
  }

  /**
   * Runs it and leaves ending the store's transaction to the caller.
   *
   * @throws io.sampo.protocol.error.EtcdException if it cannot be done, or if it is done and its
   *     answer is too large
   */
  TxnResponse run(TxnRequest request) {
    MvccView before = writer.store().peek();
    choosePath(before, request);
    check(before, request, new ArrayDeque<>(path));
    writer.operations().endStep();
    TxnResponse.Builder response = execute(request);
    ranges.check();
    return response.setHeader(Headers.at(writer.store().revision())).build();
  }

  private void choosePath(MvccView view, TxnRequest request) {
    int held = Compares.held(view, request.getCompareList());
    boolean success = held == request.getCompareCount();
    writer.operations().ranged(success ? held : held + 1);
    path.add(success);
    for (RequestOp operation : ReadOnlyTxn.branch(request, success)) {
      if (operation.hasRequestTxn()) {
        choosePath(view, operation.getRequestTxn());
      }
    }
  }

  private void check(MvccView view, TxnRequest request, Deque<Boolean> rest) {
    for (RequestOp operation : ReadOnlyTxn.branch(request, rest.remove())) {
      switch (operation.getRequestCase()) {
        case REQUEST_RANGE -> ReadOnlyTxn.check(view, operation.getRequestRange());
        case REQUEST_PUT -> writer.check(operation.getRequestPut());
        case REQUEST_TXN -> check(view, operation.getRequestTxn(), rest);
        case REQUEST_DELETE_RANGE, REQUEST_NOT_SET -> {}
      }
    }
  }

  private TxnResponse.Builder execute(TxnRequest request) {
    boolean success = path.remove();
    TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(success);
    for (RequestOp operation : ReadOnlyTxn.branch(request, success)) {
      response.addResponses(execute(operation));
    }
    return response;
  }

  private ResponseOp.Builder execute(RequestOp operation) {
    ResponseOp.Builder response = ResponseOp.newBuilder();
    return switch (operation.getRequestCase()) {
      case REQUEST_RANGE -> response.setResponseRange(range(operation.getRequestRange()));
      case REQUEST_PUT -> {
        writer.countBefore(operation.getRequestPut());
        yield response.setResponsePut(writer.put(operation.getRequestPut()));
      }
      case REQUEST_DELETE_RANGE ->
          response.setResponseDeleteRange(writer.delete(operation.getRequestDeleteRange()));
      case REQUEST_TXN ->
          response.setResponseTxn(
              execute(operation.getRequestTxn()).setHeader(ResponseHeader.getDefaultInstance()));
      case REQUEST_NOT_SET -> response;
    };
  }

  private RangeResponse range(RangeRequest request) {
    ResponseHeader header = Headers.at(writer.store().revision());
    if (!answerRanges) {
      return RangeResponse.newBuilder().setHeader(header).build();
    }
    writer.operations().ranged(1);
    RangeResult result = writer.store().range(RangeQuery.of(request));
    return ranges.admit(RangeResponseEncoder.size(header, result))
        ? RangeResponses.message(header, result)
        : RangeResponse.getDefaultInstance();
  }
}
