package io.sampo.tests.faults;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.tests.sim.client.Call;
import java.util.ArrayList;
import java.util.List;

/** Which calls change keys, and by what they are known. */
final class Mutations {
  private Mutations() {}

  /** The revision that an answered call has made; 0 if it made none. */
  static long revision(Call call) {
    Message response = call.response();
    if (response instanceof PutResponse put) {
      return put.getHeader().getRevision();
    } else if (response instanceof DeleteRangeResponse delete) {
      return delete.getDeleted() > 0 ? delete.getHeader().getRevision() : 0;
    } else if (response instanceof TxnResponse txn) {
      return changed(txn) ? txn.getHeader().getRevision() : 0;
    }
    return 0;
  }

  private static boolean changed(TxnResponse txn) {
    return txn.getResponsesList().stream().anyMatch(Mutations::changed);
  }

  private static boolean changed(ResponseOp op) {
    return op.hasResponsePut()
        || op.hasResponseDeleteRange() && op.getResponseDeleteRange().getDeleted() > 0
        || op.hasResponseTxn() && changed(op.getResponseTxn());
  }

  /** Every value that the request may write. No two requests have one in common. */
  static List<ByteString> values(Message request) {
    List<ByteString> values = new ArrayList<>();
    if (request instanceof PutRequest put) {
      values.add(put.getValue());
    } else if (request instanceof TxnRequest txn) {
      txn.getSuccessList().forEach(op -> addValues(op, values));
      txn.getFailureList().forEach(op -> addValues(op, values));
    }
    return values;
  }

  private static void addValues(RequestOp op, List<ByteString> values) {
    if (op.hasRequestPut()) {
      values.addAll(values(op.getRequestPut()));
    } else if (op.hasRequestTxn()) {
      values.addAll(values(op.getRequestTxn()));
    }
  }

  /** The request as the log holds it. */
  static InternalRaftRequest logged(Message request) {
    InternalRaftRequest.Builder entry = InternalRaftRequest.newBuilder();
    if (request instanceof PutRequest put) {
      entry.setPut(put);
    } else if (request instanceof DeleteRangeRequest delete) {
      entry.setDeleteRange(delete);
    } else if (request instanceof TxnRequest txn) {
      entry.setTxn(txn);
    } else {
      throw new IllegalArgumentException("changes no key: " + request);
    }
    return entry.build();
  }
}
