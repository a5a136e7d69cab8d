package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The expected texts are those of etcd 3.7.1 for the same requests. */
class RequestStatsTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(RequestStats.class);
  private static final InetSocketAddress REMOTE = new InetSocketAddress("::1", 42);
  private static final EncodedMessage ANSWER =
      EncodedMessage.of(PutResponse.getDefaultInstance().toByteArray());

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final RequestStats stats = new RequestStats(300_000_000L, () -> 1_000);

  @BeforeEach
  void listen() {
    lines.start();
    LOG.addAppender(lines);
    LOG.setLevel(Level.INFO);
  }

  @AfterEach
  void leave() {
    LOG.detachAppender(lines);
    LOG.setLevel(null);
  }

  private void over(long nanos) {
    byte[] put = PutRequest.newBuilder().setKey(bytes("k")).build().toByteArray();
    stats.over("/etcdserverpb.KV/Put", put, ANSWER, REMOTE, nanos);
  }

  @Test
  void onlyWhatTakesLongerIsWarnedOf() {
    over(300_000_000L);
    assertEquals(List.of(), lines.list);

    over(300_000_001L);
    ILoggingEvent line = lines.list.get(0);
    assertEquals(Level.WARN, line.getLevel());
    assertEquals("request stats", line.getMessage());
    assertEquals(
        "start time,time spent,remote,response type,request count,request size,response count,"
            + "response size,request content",
        line.getKeyValuePairs().stream().map(pair -> pair.key).collect(Collectors.joining(",")));
    assertEquals("[::1]:42", line.getKeyValuePairs().get(2).value);
    assertEquals("/etcdserverpb.KV/Put", line.getKeyValuePairs().get(3).value);
  }

  @Test
  void withDebugLinesEveryCallHasOne() {
    LOG.setLevel(Level.DEBUG);
    over(1);
    assertEquals(Level.DEBUG, lines.list.get(0).getLevel());
  }

  @Test
  void rangesAndDeletesAreWrittenInGosNewerForm() {
    RangeRequest range =
        RangeRequest.newBuilder()
            .setKey(bytes("foo"))
            .setRangeEnd(bytes("fop"))
            .setLimit(5)
            .setRevision(1)
            .setSortOrder(RangeRequest.SortOrder.DESCEND)
            .setSortTarget(RangeRequest.SortTarget.CREATE)
            .build();
    assertEquals(
        new RequestStats.Sizes(
            0,
            18,
            3,
            4,
            "key:\"foo\"  range_end:\"fop\"  limit:5  revision:1  sort_order:DESCEND"
                + "  sort_target:CREATE"),
        RequestStats.sizes("/etcdserverpb.KV/Range", range.toByteArray(), new Counted(3, 4)));
    DeleteRangeRequest delete =
        DeleteRangeRequest.newBuilder().setKey(bytes("\0é")).setPrevKv(true).build();
    byte[] one = DeleteRangeResponse.newBuilder().setDeleted(1).build().toByteArray();
    assertEquals(
        new RequestStats.Sizes(0, 7, 1, 2, "key:\"\\x00é\"  prev_kv:true"),
        RequestStats.sizes(
            "/etcdserverpb.KV/DeleteRange", delete.toByteArray(), EncodedMessage.of(one)));
  }

  @Test
  void putsAreWrittenInGosOlderFormWithoutTheirValue() {
    byte[] key = {'b', 1, (byte) 0xff, '"', (byte) 0xc3, (byte) 0xa9, '\\', '\''};
    PutRequest put =
        PutRequest.newBuilder().setKey(ByteString.copyFrom(key)).setValue(bytes("v")).build();
    assertEquals(
        new RequestStats.Sizes(1, 13, 0, 0, "key:\"b\\001\\377\\\"\\303\\251\\\\'\" value_size:1 "),
        RequestStats.sizes("/etcdserverpb.KV/Put", put.toByteArray(), null));
  }

  @Test
  void transactionsCountTheBranchThatWasTaken() {
    TxnRequest txn =
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setTarget(Compare.CompareTarget.VALUE)
                    .setKey(bytes("a"))
                    .setValue(bytes("x")))
            .addCompare(
                Compare.newBuilder()
                    .setResult(Compare.CompareResult.GREATER)
                    .setKey(bytes("b"))
                    .setVersion(0))
            .addSuccess(put("a"))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestRange(RangeRequest.newBuilder().setKey(bytes("b"))))
            .addFailure(
                RequestOp.newBuilder().setRequestTxn(TxnRequest.newBuilder().addSuccess(put("z"))))
            .build();
    String text =
        "compare:<target:VALUE key:\"a\" value_size:1  result:GREATER  key:\"b\"  version:0>"
            + " success:<request_put:<key:\"a\" value_size:1 > request_range:{key:\"b\"}>"
            + " failure:<request_txn:<compare:<> success:<request_put:<key:\"z\" value_size:1 >>"
            + " failure:<>>>";
    byte[] taken = TxnResponse.newBuilder().setSucceeded(true).build().toByteArray();
    byte[] other = TxnResponse.getDefaultInstance().toByteArray();
    assertEquals(new RequestStats.Sizes(2, 13, 0, 2, text), txn(txn, taken));
    assertEquals(new RequestStats.Sizes(1, 12, 0, 0, text), txn(txn, other));
    assertEquals(new RequestStats.Sizes(0, 0, 0, 0, ""), txn(txn, null));
  }

  @Test
  void transactionsInOneAnotherAreWrittenUpToADepth() {
    TxnRequest txn = TxnRequest.getDefaultInstance();
    for (int i = 0; i < 4_000; i++) {
      txn = TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestTxn(txn)).build();
    }
    String text = RequestText.of(txn);
    assertEquals(true, text.contains("success:<request_txn:<...>>"));
    assertEquals(true, text.length() < 20_000);
  }

  @Test
  void ofOtherCallsNothingIsCounted() {
    assertEquals(
        new RequestStats.Sizes(-1, -1, -1, -1, ""),
        RequestStats.sizes("/etcdserverpb.Lease/LeaseGrant", new byte[5], ANSWER));
    assertEquals(
        new RequestStats.Sizes(-1, -1, -1, -1, ""),
        RequestStats.sizes("/etcdserverpb.KV/Put", new byte[] {1}, null));
  }

  private static RequestStats.Sizes txn(TxnRequest txn, byte[] answer) {
    return RequestStats.sizes(
        "/etcdserverpb.KV/Txn",
        txn.toByteArray(),
        answer == null ? null : EncodedMessage.of(answer));
  }

  /** A range's answer, which may have left already. */
  private record Counted(long count, int size) implements CountedMessage {
    @Override
    public void write(byte[] target, int offset, int length) {
      throw new IllegalStateException("it has left");
    }
  }

  private static RequestOp put(String key) {
    return RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes("1")))
        .build();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
