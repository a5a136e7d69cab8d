package io.sampo.node.state;

import static io.sampo.node.state.Requests.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResponseEncoder;
import io.sampo.node.state.mvcc.RangeResponses;
import io.sampo.node.state.mvcc.RangeResult;
import io.sampo.node.state.mvcc.RangeStreamChunks;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers are measured before they are made; what is too large is refused in grpc-go's words. */
class LargeResponseTest {
  private static final SendLimit LIMIT = new SendLimit(1_000);

  private final Machine machine = new Machine(new StateSettings(2, 0, 1, LIMIT));

  private void values(int count) {
    for (int i = 0; i < count; i++) {
      machine.put("k" + i, "v".repeat(300));
    }
  }

  private static String refusal(long bytes) {
    return "grpc: trying to send message larger than max (" + bytes + " vs. 1000)";
  }

  @Test
  void theSizeOfARangeIsKnownBeforeItIsEncoded() {
    values(3);
    for (RangeRequest.Builder request :
        List.of(
            range("k", "l"),
            range("k", "l").setLimit(2),
            range("k", "l").setKeysOnly(true),
            range("k", "l").setCountOnly(true))) {
      RangeResult result = machine.state.view().range(RangeQuery.of(request.build()));
      ResponseHeader header = Headers.at(4);
      assertEquals(
          RangeResponses.message(header, result).getSerializedSize(),
          RangeResponseEncoder.size(header, result));
    }
  }

  @Test
  void theSizeOfATransactionIsThatOfItsBytes() {
    values(1);
    TxnRequest.Builder inner = TxnRequest.newBuilder().addSuccess(read("k", "l"));
    TxnResponse response =
        machine.txn(
            TxnRequest.newBuilder()
                .addSuccess(read("k", "l"))
                .addSuccess(RequestOp.newBuilder().setRequestPut(Requests.put("a", "b")))
                .addSuccess(RequestOp.newBuilder().setRequestTxn(inner)));
    assertEquals(response.getSerializedSize(), ResponseSize.of(response));
    DeleteRangeResponse deleted =
        (DeleteRangeResponse)
            machine.done(Requests.raft(Requests.delete("k", "l").setPrevKv(true)));
    assertEquals(deleted.getSerializedSize(), ResponseSize.of(deleted));
  }

  @Test
  void aTransactionThatOnlyReadsIsRefusedByAllItsRanges() {
    values(2);
    TxnRequest request =
        TxnRequest.newBuilder()
            .addSuccess(read("k", "l"))
            .addSuccess(read("k", "l"))
            .addSuccess(read("k", "l"))
            .build();
    EtcdException refused = assertThrows(EtcdException.class, () -> read(request, LIMIT));
    TxnResponse whole = read(request, SendLimit.ETCD);
    long header = 2 + whole.getHeader().getSerializedSize() + 2;
    assertEquals(refusal(ResponseSize.of(whole) - header), refused.text());
  }

  @Test
  void aTransactionWhoseAnswerIsRefusedIsDone() {
    values(4);
    ApplyResult result =
        machine.apply(
            Requests.raft(
                TxnRequest.newBuilder()
                    .addSuccess(RequestOp.newBuilder().setRequestPut(Requests.put("a", "b")))
                    .addSuccess(read("k", "l"))));
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, result.error().code());
    assertNull(result.response());
    assertEquals(1, result.changed().size());
    assertEquals(1, machine.range(range("a", "")).getKvsCount());
  }

  @Test
  void aChunkOfAStreamIsRefusedAsWell() {
    values(4);
    RangeStreamChunks chunks =
        new RangeStreamChunks(range("k", "l").build(), machine.state::view, 1 << 20, LIMIT);
    EtcdException refused = assertThrows(EtcdException.class, chunks::next);
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.code());
  }

  @Test
  void theLimitIsEtcdsOrAQuarterOfTheHeap() {
    assertEquals(Integer.MAX_VALUE, SendLimit.ofHeap(1L << 34).maxBytes());
    assertEquals(1 << 28, SendLimit.ofHeap(1L << 30).maxBytes());
    long tooLarge = (1L << 31) + 5;
    assertEquals(
        "grpc: trying to send message larger than max (2147483653 vs. 2147483647)",
        assertThrows(EtcdException.class, () -> SendLimit.ETCD.check(tooLarge)).text());
  }

  private TxnResponse read(TxnRequest request, SendLimit limit) {
    ReadOnlyTxn.Reading reading = new ReadOnlyTxn.Reading(machine.state.view(), request, limit);
    while (!reading.advance(1)) {
      assertTrue(limit.maxBytes() > 0);
    }
    return reading.result();
  }

  private static RequestOp read(String key, String end) {
    return RequestOp.newBuilder().setRequestRange(range(key, end)).build();
  }
}
