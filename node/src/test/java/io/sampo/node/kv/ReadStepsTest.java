package io.sampo.node.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.sampo.node.request.TraceLines;
import io.sampo.node.request.TraceLog;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.protocol.mvccpb.KeyValue;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the trace of a slow read says. */
class ReadStepsTest {
  private static final long MILLI = 1_000_000;
  private static final RangeRequest RANGE =
      RangeRequest.newBuilder()
          .setKey(ByteString.copyFromUtf8("a"))
          .setRangeEnd(ByteString.copyFromUtf8("b"))
          .build();

  private final TraceLog log = new TraceLog();
  private final TraceLines lines = new TraceLines(() -> 0);

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void aLinearizableRangeTellsWhatItWaitedFor() {
    ReadSteps steps = new ReadSteps(true);
    steps.agreedNanos = 100 * MILLI;
    steps.begunNanos = 150 * MILLI;
    steps.admittedNanos = 151 * MILLI;
    steps.readNanos = 250 * MILLI;
    steps.revision = 7;
    RangeResponse answer = RangeResponse.newBuilder().addKvs(KeyValue.newBuilder()).build();
    steps.trace(lines, RANGE, answer, 1, 260 * MILLI);
    assertEquals(
        List.of(
            "range {range_begin:a; range_end:b; response_count:1; response_revision:7; }"
                + " PT0.259999999S ['agreement among raft nodes before linearized reading' "
                + " (duration: 99.999999ms), 'wait for memory for the answer'  (duration: 50ms),"
                + " 'range keys from in-memory index tree'  (duration: 99ms)]"),
        log.lines());
  }

  @Test
  void aSerializableRangeWaitsForNobody() {
    ReadSteps steps = new ReadSteps(false);
    steps.begunNanos = MILLI;
    steps.admittedNanos = MILLI;
    steps.trace(lines, RANGE, null, 1, 300 * MILLI);
    assertEquals(List.of("range {range_begin:a; range_end:b; } PT0.299999999S []"), log.lines());
  }

  @Test
  void whereTheClusterDoesNotAgreeARangeHasATraceAndATransactionHasNone() {
    new ReadSteps(true).trace(lines, RANGE, null, 0, 500 * MILLI);
    new ReadSteps(true).trace(lines, TxnRequest.getDefaultInstance(), null, 0, 500 * MILLI);
    assertEquals(
        List.of(
            "range {range_begin:a; range_end:b; } PT0.5S"
                + " ['agreement among raft nodes before linearized reading'  (duration: 500ms)]"),
        log.lines());
  }

  @Test
  void aTransactionTellsThatItOnlyReads() {
    ReadSteps steps = new ReadSteps(true);
    steps.begunNanos = 150 * MILLI;
    TxnResponse answer =
        TxnResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(9)).build();
    steps.trace(lines, TxnRequest.getDefaultInstance(), answer, 0, 150 * MILLI);
    assertEquals(
        List.of(
            "transaction {read_only:true; number_of_response:0; response_revision:9; } PT0.15S"
                + " ['agreement among raft nodes before linearized reading'  (duration: 150ms)]"),
        log.lines());
  }
}
