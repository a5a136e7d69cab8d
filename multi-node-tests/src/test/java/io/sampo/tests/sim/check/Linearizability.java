package io.sampo.tests.sim.check;

import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.CallListener;
import io.sampo.tests.sim.cluster.SimCluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Every answer is what the committed log says at the answer's own revision, and revisions follow
 * real time: what began after another ended has no older revision, and a write a newer one. As
 * every answer names its revision, the order that linearizability asks for need not be searched: it
 * is the log's. Calls that failed are unknown; if they took effect, that is in the log, once.
 * Serializable reads are answered from some past state.
 */
public final class Linearizability implements Check, CallListener {
  private record Point(Call call, long revision, boolean mutates) {}

  private static final String NAME = "linearizability";

  private final Violations violations;
  private final CommittedLog committed;
  private final List<Point> points = new ArrayList<>();
  private final List<Call> answered = new ArrayList<>();

  public Linearizability(Violations violations, CommittedLog committed) {
    this.violations = violations;
    this.committed = committed;
  }

  @Override
  public void onCall(Call call) {
    if (call.succeeded()) {
      answered.add(call);
    }
  }

  /** Answers that were judged. */
  public int answers() {
    return answered.size();
  }

  @Override
  public void atEnd(SimCluster cluster) {
    judge();
  }

  /** Judges all answers by the log as it now is. */
  public void judge() {
    for (Call call : answered) {
      long revision = revision(call.response());
      if (revision > 0) {
        judge(call, revision);
      }
    }
    checkRealTime();
  }

  private void judge(Call call, long revision) {
    Message request = call.request();
    CommittedLog.Committed made = committed.ofRevision(revision);
    if (revision > committed.revision()
        || (made != null && made.seenNanos() > call.completedNanos())) {
      violations.report(NAME, "answered from the future: " + call);
      return;
    }
    boolean mutates = false;
    boolean right = true;
    if (request instanceof RangeRequest range) {
      Message expected = committed.store().range(range, revision, revision);
      right = withoutHeaders(call.response()).equals(withoutHeaders(expected));
    } else if (request instanceof PutRequest put) {
      mutates = true;
      right = made != null && made.request().getPut().equals(put) && answers(made, call);
    } else if (request instanceof DeleteRangeRequest delete) {
      mutates = ((DeleteRangeResponse) call.response()).getDeleted() > 0;
      right =
          mutates
              ? made != null
                  && made.request().getDeleteRange().equals(delete)
                  && answers(made, call)
              : committed.store().isEmpty(delete, revision);
    } else if (request instanceof TxnRequest txn) {
      mutates = made != null && made.request().getTxn().equals(txn);
      right =
          mutates
              ? answers(made, call)
              : withoutHeaders(call.response())
                  .equals(withoutHeaders(committed.store().unchanging(txn, revision)));
    }
    if (!right) {
      violations.report(
          NAME,
          "wrong answer: "
              + call
              + ", committed at its revision: "
              + (made == null ? "nothing" : Text.of(made.request())));
    }
    boolean serializable = request instanceof RangeRequest range && range.getSerializable();
    // Compactions and leases answer with what their member has seen when it answers, as in etcd.
    if (!serializable && (mutates || ofKeys(request))) {
      points.add(new Point(call, revision, mutates));
    }
  }

  private static boolean ofKeys(Message request) {
    return request instanceof RangeRequest
        || request instanceof DeleteRangeRequest
        || request instanceof TxnRequest;
  }

  private static boolean answers(CommittedLog.Committed made, Call call) {
    return withoutHeaders(made.response()).equals(withoutHeaders(call.response()));
  }

  private void checkRealTime() {
    List<Point> byBegin = new ArrayList<>(points);
    byBegin.sort(Comparator.comparingLong(point -> point.call().invokedNanos()));
    List<Point> byEnd = new ArrayList<>(points);
    byEnd.sort(Comparator.comparingLong(point -> point.call().completedNanos()));
    Point newest = null;
    int ended = 0;
    for (Point point : byBegin) {
      while (ended < byEnd.size()
          && byEnd.get(ended).call().completedNanos() < point.call().invokedNanos()) {
        Point other = byEnd.get(ended++);
        newest = newest == null || other.revision() > newest.revision() ? other : newest;
      }
      if (newest != null
          && (point.revision() < newest.revision()
              || (point.mutates() && point.revision() == newest.revision()))) {
        violations.report(
            NAME, "stale: " + point.call() + " began after the end of " + newest.call());
      }
    }
  }

  /** The revision in the answer's header; 0 if it names none. */
  public static long revision(Message response) {
    var field = response.getDescriptorForType().findFieldByName("header");
    return field == null ? 0 : ((ResponseHeader) response.getField(field)).getRevision();
  }

  private static Message withoutHeaders(Message response) {
    if (response instanceof TxnResponse txn) {
      TxnResponse.Builder plain = TxnResponse.newBuilder().setSucceeded(txn.getSucceeded());
      txn.getResponsesList().forEach(each -> plain.addResponses(withoutHeader(each)));
      return plain.build();
    }
    if (response == null) {
      return RangeResponse.getDefaultInstance();
    }
    Message.Builder plain = response.toBuilder();
    return plain.clearField(plain.getDescriptorForType().findFieldByName("header")).build();
  }

  private static ResponseOp withoutHeader(ResponseOp op) {
    ResponseOp.Builder plain = op.toBuilder();
    switch (op.getResponseCase()) {
      case RESPONSE_PUT -> plain.getResponsePutBuilder().clearHeader();
      case RESPONSE_DELETE_RANGE -> plain.getResponseDeleteRangeBuilder().clearHeader();
      case RESPONSE_RANGE -> plain.getResponseRangeBuilder().clearHeader();
      case RESPONSE_TXN -> plain.setResponseTxn((TxnResponse) withoutHeaders(op.getResponseTxn()));
      default -> throw new IllegalStateException("an answer of no kind");
    }
    return plain.build();
  }
}
