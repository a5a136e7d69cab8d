package io.sampo.node.kv;

import com.google.protobuf.Message;
import io.sampo.node.request.CountedMessage;
import io.sampo.node.request.TraceLines;
import io.sampo.node.request.TraceLines.Step;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * When the steps of one read have ended, for its trace: times of the monotonic clock, 0 for a step
 * that it has not come to. Set by whoever does the read, which is one thread after the other; read
 * when it is over.
 */
final class ReadSteps {
  private final boolean linearizable;

  /** The cluster agrees. 0 also where the read then begins at once. */
  long agreedNanos;

  /** It begins to read. */
  long begunNanos;

  /** Its caller may do this. */
  long admittedNanos;

  /** A transaction has compared, and its ranges can be read. */
  long checkedNanos;

  /** All is read. */
  long readNanos;

  /** Of the answer to a range, when all is read. */
  long revision;

  ReadSteps(boolean linearizable) {
    this.linearizable = linearizable;
  }

  /**
   * Writes the trace. A transaction that the cluster did not agree to read has none in etcd either.
   *
   * @param answer null if it failed
   */
  void trace(TraceLines traces, Message request, Object answer, long beginNanos, long endNanos) {
    boolean txn = request instanceof TxnRequest;
    if (!txn || !disagreed()) {
      String operation = txn ? "transaction" : "range";
      traces.write(operation, detail(request, answer), beginNanos, endNanos, list(endNanos));
    }
  }

  /** Whether the cluster had to agree, and did not. */
  private boolean disagreed() {
    return linearizable && agreedNanos == 0 && begunNanos == 0;
  }

  /** The steps under etcd's names; memory is waited for here only. */
  private List<Step> list(long endNanos) {
    List<Step> steps = new ArrayList<>();
    if (linearizable) {
      long agreed = agreedNanos != 0 ? agreedNanos : disagreed() ? endNanos : begunNanos;
      steps.add(new Step("agreement among raft nodes before linearized reading", agreed));
    }
    addIfReached(steps, "wait for memory for the answer", begunNanos);
    addIfReached(steps, "get authentication metadata", admittedNanos);
    addIfReached(steps, "check requests", checkedNanos);
    addIfReached(steps, "range keys from in-memory index tree", readNanos);
    return steps;
  }

  private static void addIfReached(List<Step> steps, String name, long nanos) {
    if (nanos != 0) {
      steps.add(new Step(name, nanos));
    }
  }

  private String detail(Message request, Object answer) {
    if (request instanceof TxnRequest) {
      return "read_only:true; " + (answer == null ? "" : detail((TxnResponse) answer));
    }
    RangeRequest range = (RangeRequest) request;
    String asked =
        "range_begin:%s; range_end:%s; "
            .formatted(range.getKey().toStringUtf8(), range.getRangeEnd().toStringUtf8());
    return answer == null
        ? asked
        : asked + "response_count:%d; response_revision:%d; ".formatted(shown(answer), revision);
  }

  private static String detail(TxnResponse answer) {
    return "number_of_response:%d; response_revision:%d; "
        .formatted(answer.getResponsesCount(), answer.getHeader().getRevision());
  }

  private static long shown(Object answer) {
    return answer instanceof CountedMessage range
        ? range.shown()
        : ((RangeResponse) answer).getKvsCount();
  }
}
