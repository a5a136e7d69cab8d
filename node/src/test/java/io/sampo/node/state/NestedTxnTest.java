package io.sampo.node.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.protocol.nesting.Nested;
import io.sampo.protocol.nesting.NestedMessages;
import io.sampo.protocol.raftpb.Entry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nests as deep as etcd takes it goes all the way that a request goes. */
class NestedTxnTest {
  @ParameterizedTest
  @ValueSource(ints = {1_000, 4_998})
  void aTxnInManyIsCheckedLoggedAppliedAndAnswered(int depth) throws Exception {
    byte[] request = Nested.txn(depth);
    Machine machine = new Machine();
    byte[] answer = Nested.deep(() -> run(machine, request));
    assertTrue(answer.length > 4 * depth);
    assertEquals(1, machine.range(Requests.range("a", "")).getCount());
  }

  private static byte[] run(Machine machine, byte[] request) throws Exception {
    TxnRequest txn = NestedMessages.request(TxnRequest.parser(), request);
    assertEquals(257, Quota.cost(txn));
    RequestChecks.txn(txn, 10_000);
    ByteString data = InternalRaftRequest.newBuilder().setID(1).setTxn(txn).build().toByteString();
    InternalRaftRequest logged = LoggedRequest.of(Entry.newBuilder().setData(data).build());
    TxnResponse response = machine.txn(logged.getTxn().toBuilder());
    return response.toByteArray();
  }
}
