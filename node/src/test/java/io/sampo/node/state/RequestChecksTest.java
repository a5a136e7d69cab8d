package io.sampo.node.state;

import static io.sampo.node.state.Requests.compare;
import static io.sampo.node.state.Requests.delete;
import static io.sampo.node.state.Requests.op;
import static io.sampo.node.state.Requests.put;
import static io.sampo.node.state.Requests.range;
import static io.sampo.node.state.Requests.txn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.Compare.CompareResult;
import io.sampo.protocol.etcdserverpb.Compare.CompareTarget;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortOrder;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortTarget;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What etcd's API refuses before anything is proposed. */
class RequestChecksTest {
  private static final int MAX_OPS = 4;

  @Test
  void anEmptyKeyIsRefusedEverywhere() {
    refused(EtcdError.EMPTY_KEY, () -> RequestChecks.range(range("", "").build()));
    refused(EtcdError.EMPTY_KEY, () -> RequestChecks.put(put("", "").build()));
    refused(EtcdError.EMPTY_KEY, () -> RequestChecks.deleteRange(delete("", "").build()));
    refused(
        EtcdError.EMPTY_KEY,
        txn().addCompare(compare("", CompareTarget.VERSION, CompareResult.EQUAL)));
    refused(EtcdError.EMPTY_KEY, txn().addFailure(op(put("", ""))));
  }

  @Test
  void unknownSortNumbersAreAnInvalidSortOption() {
    refused(
        EtcdError.INVALID_SORT_OPTION,
        () -> RequestChecks.range(range("a", "").setSortOrderValue(3).build()));
    refused(
        EtcdError.INVALID_SORT_OPTION,
        () -> RequestChecks.range(range("a", "").setSortTargetValue(-1).build()));
    refused(EtcdError.INVALID_SORT_OPTION, txn(op(range("a", "").setSortTargetValue(5))));
  }

  @Test
  void aPutMayNotGiveWhatItIgnores() {
    refused(
        EtcdError.VALUE_PROVIDED,
        () -> RequestChecks.put(put("a", "1").setIgnoreValue(true).build()));
    refused(
        EtcdError.LEASE_PROVIDED,
        () -> RequestChecks.put(put("a", "1").setIgnoreLease(true).setLease(1).build()));
  }

  @Test
  void aRangeStreamHasNoSortsAndNoFilters() {
    RequestChecks.rangeStream(range("a", "").setSortTarget(SortTarget.VALUE).build());
    RequestChecks.rangeStream(range("a", "").setSortOrder(SortOrder.ASCEND).build());
    unimplemented(
        "RangeStream does not support custom sort orders",
        () -> RequestChecks.rangeStream(range("a", "").setSortOrder(SortOrder.DESCEND).build()));
    unimplemented(
        "RangeStream does not support revision filters",
        () -> RequestChecks.rangeStream(range("a", "").setMinModRevision(1).build()));
  }

  @Test
  void anOperationWithoutARequestIsKeyNotFound() {
    refused(EtcdError.KEY_NOT_FOUND, txn(RequestOp.getDefaultInstance()));
  }

  @Test
  void theBudgetIsTheLongestListAndANestedTxnHasWhatIsLeft() {
    accepted(txn(op(put("a", "")), op(put("b", "")), op(put("c", "")), op(put("d", ""))));
    TxnRequest.Builder five = txn();
    for (int i = 0; i < 5; i++) {
      five.addFailure(op(range("a", "")));
    }
    refused(EtcdError.TOO_MANY_OPS, five);
    accepted(txn(op(put("a", "")), op(txn(op(put("b", "")), op(put("c", ""))))));
    refused(
        EtcdError.TOO_MANY_OPS,
        txn(op(put("a", "")), op(txn(op(put("b", "")), op(put("c", "")), op(range("d", ""))))));
  }

  @Test
  void twoPutsOfAKeyCollide() {
    refused(EtcdError.DUPLICATE_KEY, txn(op(put("a", "1")), op(put("a", "2"))));
    refused(EtcdError.DUPLICATE_KEY, txn(op(put("a", "1")), op(txn(op(put("a", "2"))))));
    refused(EtcdError.DUPLICATE_KEY, txn(op(txn(op(put("a", "1")))), op(txn(op(put("a", "2"))))));
  }

  @Test
  void aPutInsideOfADeleteCollidesInEitherOrder() {
    refused(EtcdError.DUPLICATE_KEY, txn(op(put("a", "1")), op(delete("a", ""))));
    refused(EtcdError.DUPLICATE_KEY, txn(op(delete("a", "c")), op(put("b", "1"))));
    accepted(txn(op(delete("a", "c")), op(put("c", "1"))));
    accepted(txn(op(delete("a", "")), op(put("a\0", "1"))));
  }

  @Test
  void deletesMayOverlap() {
    accepted(txn(op(delete("a", "c")), op(delete("b", "d")), op(delete("b", ""))));
    refused(
        EtcdError.DUPLICATE_KEY,
        txn(op(delete("a", "c")), op(delete("b", "e")), op(delete("b", "c")), op(put("d", ""))));
  }

  @Test
  void theBranchesOfOneTxnExcludeEachOther() {
    accepted(txn(op(put("a", "1"))).addFailure(op(put("a", "2"))));
    TxnRequest.Builder either = txn(op(put("a", "1"))).addFailure(op(put("a", "2")));
    accepted(txn(op(either)));
    refused(EtcdError.DUPLICATE_KEY, txn(op(either), op(put("a", "3"))));
  }

  @Test
  void deletesOfTheParentMeetNestedPutsAndNestedDeletesMeetThoseOfTheParent() {
    refused(EtcdError.DUPLICATE_KEY, txn(op(delete("a", "c")), op(txn(op(put("b", "1"))))));
    refused(EtcdError.DUPLICATE_KEY, txn(op(txn(op(delete("a", "c")))), op(put("b", "1"))));
  }

  @Test
  void onlyLaterSiblingsMeetTheDeletesOfANestedTxn() {
    refused(EtcdError.DUPLICATE_KEY, txn(op(txn(op(delete("a", "")))), op(txn(op(put("a", "1"))))));
    accepted(txn(op(txn(op(put("a", "1")))), op(txn(op(delete("a", ""))))));
  }

  @Test
  void aDeleteFromKeyOnCollidesWithNothing() {
    accepted(txn(op(delete("a", "\0")), op(put("b", "1"))));
    accepted(txn(op(delete("c", "a")), op(put("b", "1"))));
  }

  private static void accepted(TxnRequest.Builder txn) {
    RequestChecks.txn(txn.build(), MAX_OPS);
  }

  private static void refused(EtcdError error, TxnRequest.Builder txn) {
    refused(error, () -> RequestChecks.txn(txn.build(), MAX_OPS));
  }

  private static void refused(EtcdError error, Executable check) {
    assertEquals(error.exception(), assertThrows(EtcdException.class, check));
  }

  private static void unimplemented(String text, Executable check) {
    EtcdException exception = assertThrows(EtcdException.class, check);
    assertEquals(Status.Code.UNIMPLEMENTED, exception.code());
    assertEquals(text, exception.text());
  }
}
