package io.sampo.node.state;

import static io.sampo.node.state.Requests.bytes;
import static io.sampo.node.state.Requests.compare;
import static io.sampo.node.state.Requests.delete;
import static io.sampo.node.state.Requests.op;
import static io.sampo.node.state.Requests.put;
import static io.sampo.node.state.Requests.raft;
import static io.sampo.node.state.Requests.range;
import static io.sampo.node.state.Requests.txn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.Compare.CompareResult;
import io.sampo.protocol.etcdserverpb.Compare.CompareTarget;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import org.junit.jupiter.api.Test;

/** The rules of transactions, etcd 3.7.1's txn/txn.go. */
class TxnTest {
  private final Machine machine = new Machine();

  @Test
  void allWritesShareOneRevisionAndCountInTheirSubRevision() {
    TxnResponse response = machine.txn(txn(op(put("a", "1")), op(put("b", "2"))));
    assertEquals(2, response.getHeader().getRevision());
    assertEquals(2, machine.revision());
    assertEquals(1, machine.state.view().get(bytes("b").toByteArray(), 2).subRevision());
  }

  @Test
  void aTxnThatChangesNothingLeavesTheRevision() {
    TxnResponse response = machine.txn(txn(op(delete("a", ""))));
    assertEquals(1, response.getHeader().getRevision());
    assertEquals(1, response.getResponses(0).getResponseDeleteRange().getHeader().getRevision());
  }

  @Test
  void aRangeSeesEarlierWritesOfTheSameTxn() {
    TxnResponse response =
        machine.txn(txn(op(range("a", "")), op(put("a", "1")), op(range("a", ""))));
    assertEquals(0, response.getResponses(0).getResponseRange().getKvsCount());
    assertEquals(1, response.getResponses(0).getResponseRange().getHeader().getRevision());
    assertEquals(1, response.getResponses(2).getResponseRange().getKvsCount());
    assertEquals(2, response.getResponses(2).getResponseRange().getHeader().getRevision());
  }

  @Test
  void innerHeadersHaveOnlyARevisionAndThoseOfNestedTxnsNothing() {
    TxnResponse response = machine.txn(txn(op(put("a", "1")), op(txn(op(put("b", "1"))))));
    ResponseHeader revisionOnly = ResponseHeader.newBuilder().setRevision(2).build();
    assertEquals(revisionOnly, response.getResponses(0).getResponsePut().getHeader());
    TxnResponse nested = response.getResponses(1).getResponseTxn();
    assertTrue(nested.hasHeader());
    assertEquals(ResponseHeader.getDefaultInstance(), nested.getHeader());
    assertEquals(revisionOnly, nested.getResponses(0).getResponsePut().getHeader());
  }

  @Test
  void comparesOfNestedTxnsSeeTheStateBeforeTheWholeTxn() {
    TxnResponse response =
        machine.txn(
            txn(
                op(put("a", "1")),
                op(txn().addCompare(exists("a")).addFailure(op(put("b", "absent"))))));
    assertFalse(response.getResponses(1).getResponseTxn().getSucceeded());
    assertEquals(1, machine.range(range("b", "")).getCount());
  }

  @Test
  void valueComparesOfAMissingKeyAreFalseWhateverTheyAsk() {
    for (CompareResult result :
        new CompareResult[] {CompareResult.EQUAL, CompareResult.NOT_EQUAL, CompareResult.LESS}) {
      Compare.Builder value = compare("a", CompareTarget.VALUE, result).setValue(bytes(""));
      assertFalse(machine.txn(txn().addCompare(value)).getSucceeded());
    }
  }

  @Test
  void numberComparesOfAMissingKeyTakeItAsZero() {
    for (CompareTarget target :
        new CompareTarget[] {
          CompareTarget.VERSION, CompareTarget.CREATE, CompareTarget.MOD, CompareTarget.LEASE
        }) {
      Compare.Builder zero = compare("a", target, CompareResult.EQUAL);
      assertTrue(machine.txn(txn().addCompare(zero)).getSucceeded());
    }
  }

  @Test
  void aCompareOfARangeHasToHoldForEveryKeyAndAnEmptyRangeIsAMissingKey() {
    machine.put("k1", "x");
    machine.put("k2", "y");
    Compare.Builder all =
        compare("k", CompareTarget.VALUE, CompareResult.EQUAL)
            .setValue(bytes("x"))
            .setRangeEnd(bytes("l"));
    assertFalse(machine.txn(txn().addCompare(all)).getSucceeded());
    assertTrue(machine.txn(txn().addCompare(all.setRangeEnd(bytes("k2")))).getSucceeded());
    Compare.Builder none =
        compare("m", CompareTarget.VERSION, CompareResult.EQUAL).setRangeEnd(bytes("n"));
    assertTrue(machine.txn(txn().addCompare(none)).getSucceeded());
  }

  @Test
  void theChosenPathIsCheckedBeforeAnythingIsWritten() {
    machine.put("a", "1");
    machine.fails(
        EtcdError.FUTURE_REVISION, raft(txn(op(put("b", "1")), op(range("a", "").setRevision(3)))));
    machine.fails(
        EtcdError.LEASE_NOT_FOUND, raft(txn(op(put("b", "1")), op(put("c", "").setLease(9)))));
    machine.fails(
        EtcdError.KEY_NOT_FOUND,
        raft(txn(op(put("b", "1")), op(put("c", "").setIgnoreValue(true)))));
    machine.put("a", "2");
    machine.done(Requests.compact(3));
    machine.fails(
        EtcdError.COMPACTED, raft(txn(op(put("b", "1")), op(range("a", "").setRevision(2)))));
    assertEquals(0, machine.range(range("b", "")).getCount());
  }

  @Test
  void aPutAndADeleteFromKeyOnCollideUnseenAndLeaveASoundStore() {
    machine.put("a", "old");
    machine.txn(txn(op(put("a", "new")), op(delete("a", "\0"))));
    assertEquals(0, machine.range(range("a", "\0")).getCount());
    machine.txn(txn(op(delete("a", "\0")), op(put("a", "again"))));
    assertEquals(1, machine.range(range("a", "\0")).getCount());
    assertEquals(1, machine.range(range("a", "")).getKvs(0).getVersion());
    machine.txn(txn(op(delete("a", "\0")), op(put("a", "").setIgnoreValue(true))));
    assertEquals(bytes(""), machine.range(range("a", "")).getKvs(0).getValue());
    machine.done(Requests.compact(machine.revision()));
    while (machine.state.compactStep()) {}
    assertEquals(1, machine.range(range("a", "\0")).getCount());
  }

  @Test
  void nobodyWaitsForTheRangesOfAFollowersTxn() {
    machine.put("a", "1");
    ApplyResult result =
        machine.state.apply(raft(txn(op(put("b", "1")), op(range("a", "")))), 2, 1, false);
    TxnResponse response = (TxnResponse) result.response();
    assertEquals(0, response.getResponses(1).getResponseRange().getKvsCount());
  }

  @Test
  void readOnlyIsATxnOfRangesAloneAndAnEmptyOneIsSerializable() {
    assertTrue(ReadOnlyTxn.isReadOnly(txn(op(range("a", ""))).build()));
    assertFalse(ReadOnlyTxn.isReadOnly(txn(op(txn(op(range("a", ""))))).build()));
    assertFalse(ReadOnlyTxn.isSerializable(txn(op(range("a", ""))).build()));
    assertTrue(ReadOnlyTxn.isSerializable(txn(op(range("a", "").setSerializable(true))).build()));
    assertTrue(ReadOnlyTxn.isSerializable(txn().build()));
  }

  private static Compare.Builder exists(String key) {
    return compare(key, CompareTarget.VERSION, CompareResult.GREATER);
  }
}
