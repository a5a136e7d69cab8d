package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.protocol.mvccpb.KeyValue;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Slow reads are told of in etcd's words. */
class SlowApplyMetricsTest {
  private static final long LIMIT_NANOS = 100_000_000;
  private static final RangeRequest RANGE =
      RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("a")).setSerializable(true).build();
  private static final RangeResponse FOUND =
      RangeResponse.newBuilder().setCount(5).addKvs(KeyValue.newBuilder().setVersion(1)).build();
  private static final String RANGE_TEXT = "request=\"key:\"a\"  serializable:true\"";

  private final Logger logger = (Logger) LoggerFactory.getLogger(SlowApplyMetrics.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final SlowApplyMetrics slow = new SlowApplyMetrics(new MetricsRegistry(), LIMIT_NANOS);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
  }

  private String line() {
    assertEquals(1, lines.list.size());
    ILoggingEvent line = lines.list.get(0);
    assertEquals("apply request took too long", line.getMessage());
    return line.getKeyValuePairs().subList(2, line.getKeyValuePairs().size()).toString();
  }

  @Test
  void aRangeTellsHowManyKeysItsAnswerShows() {
    slow.read(RANGE, FOUND, null, LIMIT_NANOS + 1);
    assertEquals(
        "[prefix=\"read-only range \", "
            + RANGE_TEXT
            + ", response=\"range_response_count:1 size:6\"]",
        line());
  }

  @Test
  void aTransactionTellsItOfEachRange() {
    TxnRequest txn =
        TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestRange(RANGE)).build();
    TxnResponse answer =
        TxnResponse.newBuilder()
            .addResponses(ResponseOp.newBuilder().setResponseRange(FOUND))
            .addResponses(ResponseOp.newBuilder().setResponseRange(RangeResponse.newBuilder()))
            .build();
    slow.read(txn, answer, null, LIMIT_NANOS + 1);
    assertEquals(
        "[prefix=\"read-only txn \","
            + " request=\"compare:<> success:<request_range:{key:\"a\"  serializable:true}>"
            + " failure:<>\","
            + " response=\"responses:<range_response_count:1 range_response_count:0> size:14\"]",
        line());
  }

  @Test
  void aFailureIsTheError() {
    slow.read(RANGE, null, new CompletionException(EtcdError.TIMEOUT.exception()), LIMIT_NANOS + 1);
    assertEquals(
        "[prefix=\"read-only range \", "
            + RANGE_TEXT
            + ", response=\"\", error=\"etcdserver: request timed out\"]",
        line());
  }

  @Test
  void aClientThatWentIsACanceledContext() {
    slow.read(RANGE, null, new CancellationException(), LIMIT_NANOS + 1);
    assertEquals(
        "[prefix=\"read-only range \", "
            + RANGE_TEXT
            + ", response=\"\", error=\"context canceled\"]",
        line());
  }

  @Test
  void whatIsInTimeIsNotTold() {
    slow.read(RANGE, FOUND, null, LIMIT_NANOS);
    assertEquals(List.of(), lines.list);
  }
}
