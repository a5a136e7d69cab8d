package io.sampo.node.tracing;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.trace.SpanBuilder;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the span of a transaction says: of its first comparison and operation, and how many. */
final class TxnSpan {
  private TxnSpan() {}

  static SpanBuilder describe(TxnRequest txn, SpanBuilder span) {
    List<RequestOp> success = txn.getSuccessList();
    return span.setAttribute(
            "compare_first_key", firstKey(txn.getCompareList().stream().map(Compare::getKey)))
        .setAttribute("success_first_key", firstKey(success.stream().map(TxnSpan::key)))
        .setAttribute("success_first_type", firstType(success))
        .setAttribute("success_first_lease", firstLease(success))
        .setAttribute("compare_len", txn.getCompareCount())
        .setAttribute("success_len", txn.getSuccessCount())
        .setAttribute("failure_len", txn.getFailureCount())
        .setAttribute("read_only", isReadOnly(txn));
  }

  private static String firstKey(Stream<ByteString> keys) {
    Optional<ByteString> first = keys.filter(key -> !key.isEmpty()).findFirst();
    return first.map(RequestSpans::text).orElse("");
  }

  private static ByteString key(RequestOp operation) {
    return switch (operation.getRequestCase()) {
      case REQUEST_PUT -> operation.getRequestPut().getKey();
      case REQUEST_RANGE -> operation.getRequestRange().getKey();
      case REQUEST_DELETE_RANGE -> operation.getRequestDeleteRange().getKey();
      case REQUEST_TXN, REQUEST_NOT_SET -> ByteString.EMPTY;
    };
  }

  private static String firstType(List<RequestOp> operations) {
    return operations.stream()
        .map(TxnSpan::type)
        .filter(type -> !type.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String type(RequestOp operation) {
    return switch (operation.getRequestCase()) {
      case REQUEST_PUT -> "put";
      case REQUEST_RANGE -> "range";
      case REQUEST_DELETE_RANGE -> "delete_range";
      case REQUEST_TXN -> "txn";
      case REQUEST_NOT_SET -> "";
    };
  }

  /** -1 without a put. */
  private static long firstLease(List<RequestOp> operations) {
    return operations.stream()
        .filter(RequestOp::hasRequestPut)
        .mapToLong(operation -> operation.getRequestPut().getLease())
        .findFirst()
        .orElse(-1);
  }

  private static boolean isReadOnly(TxnRequest txn) {
    return Stream.concat(txn.getSuccessList().stream(), txn.getFailureList().stream())
        .allMatch(RequestOp::hasRequestRange);
  }
}
