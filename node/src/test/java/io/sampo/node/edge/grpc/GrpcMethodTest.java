package io.sampo.node.edge.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.nesting.Nested;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcMethodTest {
  private static TxnRequest parsed(int depth) throws Exception {
    byte[] bytes = Nested.txn(depth);
    return Nested.deep(() -> GrpcMethod.parse(TxnRequest.parser(), bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 4_998})
  void requestsNestAsDeepAsInEtcd(int depth) throws Exception {
    assertEquals(1, parsed(depth).getSuccessCount());
  }

  @ParameterizedTest
  @ValueSource(ints = {4_999, 100_000})
  void deeperOnesAreRefusedInItsWords(int depth) {
    Throwable thrown = assertThrows(ExecutionException.class, () -> parsed(depth)).getCause();
    EtcdException refused = (EtcdException) thrown;
    assertEquals(Status.Code.INTERNAL, refused.code());
    assertEquals(
        "grpc: error unmarshalling request: proto: exceeded maximum recursion depth",
        refused.text());
  }
}
