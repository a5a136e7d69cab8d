package io.sampo.node.request;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.request.TraceLines.Step;
import io.sampo.node.state.ApplyResult;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * Observes how long a proposal took until its answer came, before anything is done with it. As in
 * etcd a put, a transaction or a compaction that took long has its trace written, if it succeeded;
 * a deletion has none there either.
 *
 * @param <R> what an applied request yields
 */
final class TimedProposal<R> implements ReplyTo<R>, PendingRequests.Applied {
  private final ReplyTo<R> replyTo;
  private final RequestMetrics metrics;
  private final String type;
  private final long beginNanos;

  /** Of a put only. Its value is not held until the answer. */
  private final ByteString key;

  /** The size of a put, or the revision of a compaction. */
  private final long number;

  private final boolean physical;

  /** Written and read by whoever applies. */
  private long applyNanos;

  /**
   * @param request as it is proposed
   * @param beginNanos when it came
   */
  TimedProposal(
      ReplyTo<R> replyTo, RequestMetrics metrics, InternalRaftRequest request, long beginNanos) {
    this.replyTo = replyTo;
    this.metrics = metrics;
    this.type = RequestName.of(request);
    this.beginNanos = beginNanos;
    this.key = request.hasPut() ? request.getPut().getKey() : null;
    CompactionRequest compaction = request.getCompaction();
    this.number =
        request.hasPut() ? request.getPut().getSerializedSize() : compaction.getRevision();
    this.physical = compaction.getPhysical();
  }

  @Override
  public void applying(long nanos) {
    applyNanos = nanos;
  }

  @Override
  public void tell(R result) {
    long nanos = metrics.end(type, beginNanos, true);
    if (TraceLines.isLong(nanos)
        && result instanceof ApplyResult applied
        && applied.error() == null) {
      trace(applied.response(), beginNanos + nanos);
    }
    replyTo.tell(result);
  }

  @Override
  public void fail(EtcdException why) {
    metrics.end(type, beginNanos, false);
    replyTo.fail(why);
  }

  private void trace(Message response, long endNanos) {
    if (applyNanos == 0) {
      return;
    }
    if (response instanceof PutResponse put && key != null) {
      String detail =
          "key:%s; req_size:%d; response_revision:%d; "
              .formatted(key.toStringUtf8(), number, put.getHeader().getRevision());
      write("put", detail, endNanos);
    } else if (response instanceof TxnResponse txn) {
      write("transaction", "read_only:false; " + detail(txn), endNanos);
    } else if (response instanceof CompactionResponse compaction) {
      String detail =
          "revision:%d; response_revision:%d; "
              .formatted(number, compaction.getHeader().getRevision());
      write("compact", detail, endNanos);
    }
  }

  private void write(String operation, String detail, long endNanos) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step("process raft request", applyNanos));
    if (physical) {
      steps.add(new Step("physically toApply compaction", endNanos));
    }
    metrics.traces().write(operation, detail, beginNanos, endNanos, steps);
  }

  /** In etcd it is the put inside that has named its revision, before the transaction does. */
  private static String detail(TxnResponse txn) {
    String responses = "number_of_response:" + txn.getResponsesCount() + "; ";
    String revision = "response_revision:" + txn.getHeader().getRevision() + "; ";
    return hasPut(txn) ? revision + responses : responses + revision;
  }

  private static boolean hasPut(TxnResponse txn) {
    for (ResponseOp each : txn.getResponsesList()) {
      if (each.hasResponsePut() || each.hasResponseTxn() && hasPut(each.getResponseTxn())) {
        return true;
      }
    }
    return false;
  }
}
