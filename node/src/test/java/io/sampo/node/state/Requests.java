package io.sampo.node.state;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;

/** Requests as tests like to write them. */
final class Requests {
  private Requests() {}

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static PutRequest.Builder put(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
  }

  static DeleteRangeRequest.Builder delete(String key, String end) {
    return DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end));
  }

  static RangeRequest.Builder range(String key, String end) {
    return RangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end));
  }

  static RequestOp op(PutRequest.Builder put) {
    return RequestOp.newBuilder().setRequestPut(put).build();
  }

  static RequestOp op(DeleteRangeRequest.Builder delete) {
    return RequestOp.newBuilder().setRequestDeleteRange(delete).build();
  }

  static RequestOp op(RangeRequest.Builder range) {
    return RequestOp.newBuilder().setRequestRange(range).build();
  }

  static RequestOp op(TxnRequest.Builder txn) {
    return RequestOp.newBuilder().setRequestTxn(txn).build();
  }

  static TxnRequest.Builder txn(RequestOp... success) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (RequestOp operation : success) {
      txn.addSuccess(operation);
    }
    return txn;
  }

  static Compare.Builder compare(
      String key, Compare.CompareTarget target, Compare.CompareResult result) {
    return Compare.newBuilder().setKey(bytes(key)).setTarget(target).setResult(result);
  }

  static InternalRaftRequest raft(PutRequest.Builder put) {
    return InternalRaftRequest.newBuilder().setPut(put).build();
  }

  static InternalRaftRequest raft(DeleteRangeRequest.Builder delete) {
    return InternalRaftRequest.newBuilder().setDeleteRange(delete).build();
  }

  static InternalRaftRequest raft(TxnRequest.Builder txn) {
    return InternalRaftRequest.newBuilder().setTxn(txn).build();
  }

  static InternalRaftRequest compact(long revision) {
    return InternalRaftRequest.newBuilder()
        .setCompaction(CompactionRequest.newBuilder().setRevision(revision))
        .build();
  }

  static InternalRaftRequest grant(long id, long ttl) {
    return InternalRaftRequest.newBuilder()
        .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(ttl))
        .build();
  }

  static InternalRaftRequest revoke(long id) {
    return InternalRaftRequest.newBuilder()
        .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(id))
        .build();
  }
}
