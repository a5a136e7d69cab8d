package io.sampo.node.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted is what etcd 3.7.1 counts for the same requests. */
class StoreOperationsTest {
  private final Machine machine = new Machine();

  @BeforeEach
  void aKey() {
    machine.put("k", "value");
    machine.state.takeOperations();
  }

  private void counted(long ranges, long puts, long putBytes, long deletes, long transactions) {
    assertEquals(
        new StoreOperations.Counts(ranges, puts, putBytes, deletes, transactions),
        machine.state.takeOperations());
  }

  @Test
  void aPutIsOneWithTheBytesOfItsKeyAndValue() {
    machine.put("key", "value");
    counted(0, 1, 8, 0, 0);
  }

  @Test
  void aPutThatReadsWhatWasBeforeIsATransactionOfTwo() {
    machine.put(Requests.put("k", "v").setPrevKv(true));
    counted(1, 1, 2, 0, 1);
    machine.put(Requests.put("k", "").setIgnoreValue(true));
    counted(1, 1, 2, 0, 1);
  }

  @Test
  void aPutThatFailsCountsWhatItHasRead() {
    machine.fails(
        EtcdError.KEY_NOT_FOUND, Requests.raft(Requests.put("no", "").setIgnoreValue(true)));
    counted(1, 0, 0, 0, 0);
    machine.fails(EtcdError.LEASE_NOT_FOUND, Requests.raft(Requests.put("k", "").setLease(4711)));
    counted(0, 0, 0, 0, 0);
  }

  @Test
  void aDeletionIsOneWhateverItFinds() {
    machine.delete("nope");
    counted(0, 0, 0, 1, 0);
    machine.put("k2", "v");
    machine.state.takeOperations();
    machine.done(Requests.raft(Requests.delete("k", "l").setPrevKv(true)));
    counted(1, 0, 0, 1, 1);
  }

  @Test
  void aTransactionCountsItsComparisonsAndItsOperationsAsTwoSteps() {
    TxnRequest.Builder txn =
        Requests.txn(Requests.op(Requests.put("a", "1")), Requests.op(Requests.range("k", "")))
            .addCompare(version("k", 1))
            .addCompare(version("nope", 0));
    machine.txn(txn);
    counted(3, 1, 2, 0, 2);
  }

  @Test
  void comparisonsEndAtTheFirstThatDoesNotHold() {
    machine.txn(
        Requests.txn()
            .addCompare(version("k", 9))
            .addCompare(version("k", 1))
            .addFailure(Requests.op(Requests.delete("k", ""))));
    counted(1, 0, 0, 1, 0);
  }

  @Test
  void aRevokedLeaseDeletesKeyByKey() {
    machine.done(Requests.grant(7, 100));
    machine.put(Requests.put("l1", "").setLease(7));
    machine.put(Requests.put("l2", "").setLease(7));
    machine.state.takeOperations();
    machine.done(Requests.revoke(7));
    counted(0, 0, 0, 2, 1);
  }

  @Test
  void aCompactionReadsAKeyAndSaysHowMuchItRemoves() {
    machine.put("k", "2");
    machine.put("k", "3");
    machine.delete("k");
    machine.state.takeOperations();
    machine.done(Requests.compact(4));
    counted(1, 0, 0, 0, 0);
    assertEquals(0, machine.state.versionsCompacted());
    while (machine.state.compactStep()) {}
    assertEquals(2, machine.state.versionsCompacted());
  }

  private static Compare version(String key, long version) {
    return Compare.newBuilder()
        .setKey(Requests.bytes(key))
        .setTarget(Compare.CompareTarget.VERSION)
        .setVersion(version)
        .build();
  }
}
