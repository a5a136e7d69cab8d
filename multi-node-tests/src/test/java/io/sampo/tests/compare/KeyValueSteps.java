package io.sampo.tests.compare;

import static io.sampo.tests.grpc.Etcd.bytes;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RangeStreamResponse;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every option of KV once, and its corners. */
final class KeyValueSteps {

  private static final String KV = "/etcdserverpb.KV/";

  private final List<Step> steps = new ArrayList<>();

  private KeyValueSteps() {}

  static List<Step> all() {
    KeyValueSteps all = new KeyValueSteps();
    all.puts();
    all.ranges();
    all.transactions();
    all.deletesAndCompactions();
    all.streams();
    return all.steps;
  }

  static Step put(String name, PutRequest.Builder request) {
    return unary("kv/put/" + name, "Put", request.build(), PutResponse.getDefaultInstance());
  }

  static Step range(String name, RangeRequest.Builder request) {
    return unary("kv/range/" + name, "Range", request.build(), RangeResponse.getDefaultInstance());
  }

  static Step txn(String name, TxnRequest.Builder request) {
    return unary("kv/txn/" + name, "Txn", request.build(), TxnResponse.getDefaultInstance());
  }

  static Step delete(String name, DeleteRangeRequest.Builder request) {
    return unary(
        "kv/delete/" + name,
        "DeleteRange",
        request.build(),
        DeleteRangeResponse.getDefaultInstance());
  }

  static Step compact(String name, CompactionRequest.Builder request) {
    return unary(
        "kv/compact/" + name, "Compact", request.build(), CompactionResponse.getDefaultInstance());
  }

  private static Step unary(
      String name,
      String method,
      com.google.protobuf.Message request,
      com.google.protobuf.Message answer) {
    return new Step(name, target -> target.unary(KV + method, request, answer));
  }

  private static PutRequest.Builder putOf(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
  }

  private static RangeRequest.Builder rangeOf(String key, String end) {
    return RangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end));
  }

  private void puts() {
    for (String key : List.of("a", "b", "c", "d", "e", "\u0000", "ä", "b")) {
      steps.add(put("write " + key, putOf(key, "value of " + key)));
    }
    steps.add(put("previous", putOf("a", "2").setPrevKv(true)));
    steps.add(put("no previous", putOf("new", "2").setPrevKv(true)));
    steps.add(put("ignore value", putOf("a", "").setIgnoreValue(true).setPrevKv(true)));
    steps.add(put("ignore value, given", putOf("a", "x").setIgnoreValue(true)));
    steps.add(put("ignore value, missing", putOf("none", "").setIgnoreValue(true)));
    steps.add(put("ignore lease", putOf("a", "3").setIgnoreLease(true)));
    steps.add(put("ignore lease, given", putOf("a", "3").setIgnoreLease(true).setLease(1)));
    steps.add(put("ignore lease, missing", putOf("none", "3").setIgnoreLease(true)));
    steps.add(put("unknown lease", putOf("a", "3").setLease(4711)));
    steps.add(put("no key", putOf("", "3")));
    steps.add(put("empty value", putOf("empty", "")));
    for (int size : List.of(1_500_000, 1_572_800, 1_572_864, 2_097_100, 2_097_152)) {
      ByteString value = ByteString.copyFrom(new byte[size]);
      steps.add(put("size " + size, putOf("large", "").setValue(value)));
    }
    steps.add(put("small again", putOf("large", "small")));
  }

  private void ranges() {
    steps.add(range("one", rangeOf("a", "")));
    steps.add(range("missing", rangeOf("zz", "")));
    steps.add(range("no key", rangeOf("", "")));
    steps.add(range("no key but end", rangeOf("", "b")));
    steps.add(range("interval", rangeOf("a", "d")));
    steps.add(range("from key", rangeOf("c", "\0")));
    steps.add(range("everything", rangeOf("\0", "\0")));
    steps.add(range("end before key", rangeOf("d", "a")));
    steps.add(range("limit", rangeOf("a", "z").setLimit(2)));
    steps.add(range("limit all", rangeOf("a", "z").setLimit(100)));
    steps.add(range("negative limit", rangeOf("a", "z").setLimit(-1)));
    steps.add(range("count only", rangeOf("a", "z").setCountOnly(true)));
    steps.add(range("count only, limit", rangeOf("a", "z").setCountOnly(true).setLimit(1)));
    steps.add(range("keys only", rangeOf("a", "z").setKeysOnly(true)));
    steps.add(range("serializable", rangeOf("a", "c").setSerializable(true)));
    for (int revision : List.of(-1, 1, 2, 3, 5, 9, 100_000)) {
      steps.add(range("revision " + revision, rangeOf("a", "z").setRevision(revision)));
    }
    for (int target = 0; target <= 5; target++) {
      for (int order = 0; order <= 3; order++) {
        String name = "sort " + target + " " + order;
        RangeRequest.Builder request =
            rangeOf("a", "f").setSortTargetValue(target).setSortOrderValue(order);
        steps.add(range(name, request));
        steps.add(range(name + " limit", request.clone().setLimit(2)));
      }
    }
    steps.add(range("max mod", rangeOf("a", "z").setMaxModRevision(5)));
    steps.add(range("min mod", rangeOf("a", "z").setMinModRevision(5)));
    steps.add(range("max create", rangeOf("a", "z").setMaxCreateRevision(5)));
    steps.add(range("min create", rangeOf("a", "z").setMinCreateRevision(5)));
    steps.add(range("min mod and limit", rangeOf("a", "z").setMinModRevision(3).setLimit(1)));
    steps.add(
        range("min mod and count", rangeOf("a", "z").setMinModRevision(9).setCountOnly(true)));
  }

  private static Compare.Builder compare(String key) {
    return Compare.newBuilder().setKey(bytes(key));
  }

  private static RequestOp.Builder op(PutRequest.Builder put) {
    return RequestOp.newBuilder().setRequestPut(put);
  }

  private static RequestOp.Builder op(RangeRequest.Builder range) {
    return RequestOp.newBuilder().setRequestRange(range);
  }

  private static RequestOp.Builder op(TxnRequest.Builder txn) {
    return RequestOp.newBuilder().setRequestTxn(txn);
  }

  private static RequestOp.Builder deletion(String key, String end) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(
            DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end)));
  }

  private static TxnRequest.Builder success(RequestOp.Builder... operations) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (RequestOp.Builder operation : operations) {
      txn.addSuccess(operation);
    }
    return txn;
  }

  private void transactions() {
    steps.add(txn("empty", TxnRequest.newBuilder()));
    steps.add(txn("empty operation", success(RequestOp.newBuilder())));
    steps.add(txn("read", success(op(rangeOf("a", "c")), op(rangeOf("none", "")))));
    steps.add(
        txn(
            "read after write",
            success(op(putOf("t", "1").setPrevKv(true)), op(rangeOf("t", "")), deletion("t", ""))));
    steps.add(txn("delete nothing", success(deletion("none", ""))));
    steps.add(txn("put twice", success(op(putOf("t", "1")), op(putOf("t", "2")))));
    steps.add(txn("put in deletion", success(op(putOf("t", "1")), deletion("s", "u"))));
    steps.add(txn("put in open deletion", success(op(putOf("t", "1")), deletion("s", "\0"))));
    steps.add(txn("overlapping deletions", success(deletion("s", "u"), deletion("t", "v"))));
    steps.add(txn("nested", success(op(success(op(putOf("n", "1")), op(rangeOf("n", "")))))));
    steps.add(
        txn("nested put twice", success(op(putOf("n", "1")), op(success(op(putOf("n", "2")))))));
    steps.add(
        txn(
            "siblings",
            success(op(success(op(putOf("n", "1")))), op(success(op(putOf("n", "2")))))));
    steps.add(txn("unknown lease", success(op(putOf("u", "1")), op(putOf("v", "1").setLease(8)))));
    steps.add(
        txn("future read", success(op(putOf("u", "1")), op(rangeOf("a", "").setRevision(9_999)))));
    steps.add(txn("no key in put", success(op(putOf("", "1")))));
    steps.add(txn("no key in range", success(op(rangeOf("", "")))));
    steps.add(txn("no key in compare", TxnRequest.newBuilder().addCompare(compare(""))));
    TxnRequest.Builder many = TxnRequest.newBuilder();
    for (int i = 0; i < 128; i++) {
      many.addSuccess(op(putOf("many/" + i, "x")));
    }
    steps.add(txn("128 operations", many.clone()));
    steps.add(txn("129 operations", many.addSuccess(op(putOf("many/128", "x")))));
    compares()
        .forEach(
            (name, compare) ->
                steps.add(
                    txn(
                        "compare " + name,
                        TxnRequest.newBuilder()
                            .addCompare(compare)
                            .addSuccess(op(rangeOf("a", "")))
                            .addFailure(op(rangeOf("b", ""))))));
  }

  private static Map<String, Compare.Builder> compares() {
    Map<String, Compare.Builder> all = new java.util.TreeMap<>();
    for (String key : List.of("a", "none")) {
      for (int result = 0; result <= 3; result++) {
        Compare.Builder base = compare(key).setResultValue(result);
        String name = key + " " + result + " ";
        all.put(
            name + "version", base.clone().setTarget(Compare.CompareTarget.VERSION).setVersion(1));
        all.put(
            name + "create",
            base.clone().setTarget(Compare.CompareTarget.CREATE).setCreateRevision(2));
        all.put(name + "mod", base.clone().setTarget(Compare.CompareTarget.MOD).setModRevision(0));
        all.put(
            name + "value",
            base.clone().setTarget(Compare.CompareTarget.VALUE).setValue(bytes("3")));
        all.put(name + "lease", base.clone().setTarget(Compare.CompareTarget.LEASE).setLease(0));
      }
    }
    Compare.Builder all5 =
        compare("a").setRangeEnd(bytes("f")).setTarget(Compare.CompareTarget.VERSION);
    all.put("range", all5.clone().setResult(Compare.CompareResult.GREATER).setVersion(0));
    all.put("range not all", all5.clone().setResult(Compare.CompareResult.EQUAL).setVersion(1));
    all.put("empty range", all5.clone().setKey(bytes("y")).setRangeEnd(bytes("z")).setVersion(0));
    all.put("no union", compare("a").setTarget(Compare.CompareTarget.MOD));
    all.put("unknown target", compare("a").setTargetValue(9));
    return all;
  }

  private void deletesAndCompactions() {
    DeleteRangeRequest.Builder one = DeleteRangeRequest.newBuilder().setKey(bytes("b"));
    steps.add(delete("no key", DeleteRangeRequest.newBuilder()));
    steps.add(delete("one", one.clone().setPrevKv(true)));
    steps.add(delete("again", one.clone()));
    steps.add(
        delete("interval", one.clone().setKey(bytes("d")).setRangeEnd(bytes("f")).setPrevKv(true)));
    steps.add(delete("end before key", one.clone().setKey(bytes("d")).setRangeEnd(bytes("a"))));
    steps.add(put("after deletion", putOf("b", "again")));
    steps.add(range("created again", rangeOf("b", "")));
    steps.add(compact("0 at first", CompactionRequest.newBuilder()));
    steps.add(compact("9", CompactionRequest.newBuilder().setRevision(9).setPhysical(true)));
    steps.add(compact("9 again", CompactionRequest.newBuilder().setRevision(9)));
    steps.add(compact("0", CompactionRequest.newBuilder()));
    steps.add(compact("negative", CompactionRequest.newBuilder().setRevision(-1)));
    steps.add(compact("future", CompactionRequest.newBuilder().setRevision(9_999)));
    for (int revision : List.of(8, 9, 10)) {
      steps.add(range("after compaction " + revision, rangeOf("a", "z").setRevision(revision)));
    }
  }

  private void streams() {
    rangeStreams()
        .forEach(
            (name, request) ->
                steps.add(
                    new Step(
                        "kv/rangestream/" + name,
                        target ->
                            target.many(
                                KV + "RangeStream",
                                request.build(),
                                RangeStreamResponse.getDefaultInstance()))));
  }

  private static Map<String, RangeRequest.Builder> rangeStreams() {
    return Map.of(
        "all", rangeOf("\0", "\0"),
        "limit", rangeOf("\0", "\0").setLimit(3),
        "count", rangeOf("\0", "\0").setCountOnly(true),
        "none", rangeOf("zz", "zzz"),
        "no key", rangeOf("", ""),
        "sort", rangeOf("a", "z").setSortOrder(RangeRequest.SortOrder.DESCEND),
        "filter", rangeOf("a", "z").setMinModRevision(3),
        "compacted", rangeOf("a", "z").setRevision(1),
        "future", rangeOf("a", "z").setRevision(9_999));
  }
}
