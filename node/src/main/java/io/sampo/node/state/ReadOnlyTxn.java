package io.sampo.node.state;

import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResponseEncoder;
import io.sampo.node.state.mvcc.RangeResponses;
import io.sampo.node.state.mvcc.RangeResult;
import io.sampo.node.state.mvcc.RangeScan;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.Iterator;
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
   * One under way, read in steps of a bounded number of keys. What is beyond the limit of an answer
   * is only counted. By one thread at a time.
   */
  public static final class Reading {
    private final MvccView view;
    private final ResponseHeader header;
    private final Iterator<RequestOp> operations;
    private final TxnResponse.Builder response;
    private final BoundedResponses bounded;
    private final int ranges;
    private RangeScan scan;
    private RangeResult found;
    private RangeResponse.Builder range;

    /**
     * Compares, and chooses the branch. No range is read yet.
     *
     * @throws io.sampo.protocol.error.EtcdException COMPACTED or FUTURE_REVISION
     */
    public Reading(MvccView view, TxnRequest request, SendLimit limit) {
      int held = Compares.held(view, request.getCompareList());
      boolean success = held == request.getCompareCount();
      List<RequestOp> chosen = branch(request, success);
      this.ranges = chosen.size() + (success ? held : held + 1);
      chosen.forEach(operation -> check(view, operation.getRequestRange()));
      this.view = view;
      this.bounded = new BoundedResponses(limit);
      this.header = Headers.at(view.revision());
      this.operations = chosen.iterator();
      this.response = TxnResponse.newBuilder().setHeader(header).setSucceeded(success);
    }

    /** How many ranges it reads, one for each comparison among them. */
    public int ranges() {
      return ranges;
    }

    /**
     * Goes on with so many keys more.
     *
     * @return whether that was all, so that {@link #result} is there
     */
    public boolean advance(int keys) {
      if (range != null) {
        return answer(keys);
      }
      if (scan == null) {
        if (!operations.hasNext()) {
          return true;
        }
        scan = new RangeScan(view, RangeQuery.of(operations.next().getRequestRange()));
      }
      if (!scan.advance(keys)) {
        return false;
      }
      found = scan.result();
      if (bounded.admit(RangeResponseEncoder.size(header, found))) {
        range = RangeResponses.begin(found).setHeader(header);
        return answer(keys);
      }
      response.clearResponses();
      return next();
    }

    private boolean next() {
      range = null;
      scan = null;
      return !operations.hasNext();
    }

    private boolean answer(int keys) {
      int from = range.getKvsCount();
      int to = (int) Math.min(found.versions().size(), (long) from + keys);
      RangeResponses.addVersions(range, found, from, to);
      if (to < found.versions().size()) {
        return false;
      }
      response.addResponses(ResponseOp.newBuilder().setResponseRange(range));
      return next();
    }

    /**
     * The answer.
     *
     * @throws io.sampo.protocol.error.EtcdException if it is too large
     */
    public TxnResponse result() {
      bounded.check();
      return response.build();
    }
  }

  /** How many comparisons are looked at: those that hold, and the first that does not. */
  public static int compared(MvccView view, TxnRequest request) {
    int held = Compares.held(view, request.getCompareList());
    return Math.min(held + 1, request.getCompareCount());
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
