package io.sampo.protocol.nesting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As deep as etcd 3.7.1 takes transactions in transactions, and no deeper. */
class NestedMessagesTest {
  private static TxnRequest read(int depth) throws Exception {
    byte[] bytes = Nested.txn(depth);
    return Nested.deep(() -> NestedMessages.request(TxnRequest.parser(), bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 1_000, 4_998})
  void whatEtcdTakesIsRead(int depth) throws Exception {
    assertEquals(1, read(depth).getSuccessCount());
  }

  @ParameterizedTest
  @ValueSource(ints = {4_999, 100_000})
  void whatIsDeeperIsNone(int depth) {
    ExecutionException refused = assertThrows(ExecutionException.class, () -> read(depth));
    assertInstanceOf(InvalidProtocolBufferException.class, refused.getCause());
  }

  @Test
  void bytesBehindAMessageAreAFault() {
    assertThrows(
        InvalidProtocolBufferException.class,
        () -> NestedMessages.request(TxnRequest.parser(), new byte[] {4}));
  }
}
