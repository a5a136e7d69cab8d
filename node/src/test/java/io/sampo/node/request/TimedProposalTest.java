package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.ApplyResult;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A proposal that took long has a trace, and which. */
class TimedProposalTest {
  private static final long MILLI = 1_000_000;
  private static final ResponseHeader HEADER = ResponseHeader.newBuilder().setRevision(7).build();

  private final TraceLog log = new TraceLog();
  private long nanos = 1;
  private final PendingRequests<ApplyResult> pending =
      new PendingRequests<>(() -> nanos, Long.MAX_VALUE);
  private final RequestMetrics metrics =
      new RequestMetrics(new MetricsRegistry(), () -> nanos, () -> 0);

  @AfterEach
  void stop() {
    log.close();
  }

  /** It is applied after 80 ms, and answered after so many more. */
  private void run(InternalRaftRequest.Builder request, ApplyResult result, long millis) {
    pending.register(1, new TimedProposal<>(ReplyTo.nobody(), metrics, request.build(), nanos));
    nanos += 80 * MILLI;
    pending.applying(1, nanos);
    nanos += millis * MILLI;
    pending.complete(1, result);
  }

  private static ApplyResult answered(Message response) {
    return result(response, null);
  }

  private static ApplyResult result(Message response, EtcdException error) {
    return new ApplyResult(1, true, response, error, List.of(), List.of(), false, null, null);
  }

  private static InternalRaftRequest.Builder put() {
    return InternalRaftRequest.newBuilder()
        .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("foo")));
  }

  private static ApplyResult putAnswer() {
    return answered(PutResponse.newBuilder().setHeader(HEADER).build());
  }

  @Test
  void aQuickOneHasNone() {
    run(put(), putAnswer(), 20);
    assertEquals(List.of(), log.lines());
  }

  @Test
  void aPutTellsItsKeySizeAndRevision() {
    run(put(), putAnswer(), 21);
    assertEquals(
        List.of(
            "put {key:foo; req_size:5; response_revision:7; } PT0.101S"
                + " ['process raft request'  (duration: 80ms)]"),
        log.lines());
  }

  @Test
  void aTransactionTellsHowManyAnswersItHas() {
    InternalRaftRequest.Builder txn =
        InternalRaftRequest.newBuilder().setTxn(TxnRequest.getDefaultInstance());
    TxnResponse.Builder empty = TxnResponse.newBuilder().setHeader(HEADER);
    run(txn, answered(empty.build()), 21);
    ResponseOp inside = ResponseOp.newBuilder().setResponsePut(PutResponse.newBuilder()).build();
    run(txn, answered(empty.addResponses(inside).build()), 21);
    String steps = "} PT0.101S ['process raft request'  (duration: 80ms)]";
    assertEquals(
        List.of(
            "transaction {read_only:false; number_of_response:0; response_revision:7; " + steps,
            "transaction {read_only:false; response_revision:7; number_of_response:1; " + steps),
        log.lines());
  }

  @Test
  void aPhysicalCompactionHasAStepMore() {
    InternalRaftRequest.Builder compaction =
        InternalRaftRequest.newBuilder()
            .setCompaction(CompactionRequest.newBuilder().setRevision(6).setPhysical(true));
    run(compaction, answered(CompactionResponse.newBuilder().setHeader(HEADER).build()), 50);
    assertEquals(
        List.of(
            "compact {revision:6; response_revision:7; } PT0.13S"
                + " ['process raft request'  (duration: 80ms),"
                + " 'physically toApply compaction'  (duration: 50ms)]"),
        log.lines());
  }

  @Test
  void aDeletionHasNoneAndWhatFailedHasNone() {
    InternalRaftRequest.Builder delete =
        InternalRaftRequest.newBuilder().setDeleteRange(DeleteRangeRequest.getDefaultInstance());
    run(delete, answered(DeleteRangeResponse.getDefaultInstance()), 500);
    run(put(), result(null, EtcdError.LEASE_NOT_FOUND.exception()), 500);
    assertEquals(List.of(), log.lines());
  }
}
