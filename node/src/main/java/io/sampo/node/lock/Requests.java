package io.sampo.node.lock;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;

/**
 * The requests that a lock and an election consist of, as the clients that bring their own recipes
 * send them (etcd 3.7.1, client/v3/concurrency), so that both stand in one line.
 */
final class Requests {
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");
  private static final ByteString BEHIND_SLASH = ByteString.copyFromUtf8("0");

  private Requests() {}

  /** What all keys of a lock or an election begin with. */
  static ByteString prefix(ByteString name) {
    return name.concat(SLASH);
  }

  /** The key that stands for a lease; a negative id has a minus sign before its digits. */
  static ByteString member(ByteString prefix, long lease) {
    return prefix.concat(ByteString.copyFromUtf8(Long.toString(lease, 16)));
  }

  private static ByteString end(ByteString prefix) {
    return prefix.substring(0, prefix.size() - 1).concat(BEHIND_SLASH);
  }

  static RangeRequest get(ByteString key) {
    return RangeRequest.newBuilder().setKey(key).build();
  }

  /** The oldest key: the owner's, or the leader's. */
  static RangeRequest firstCreated(ByteString prefix) {
    return RangeRequest.newBuilder()
        .setKey(prefix)
        .setRangeEnd(end(prefix))
        .setLimit(1)
        .setSortTarget(RangeRequest.SortTarget.CREATE)
        .setSortOrder(RangeRequest.SortOrder.ASCEND)
        .build();
  }

  /** The youngest of the keys that are not younger than the revision. */
  static RangeRequest lastCreated(ByteString prefix, long maxCreateRevision) {
    return firstCreated(prefix).toBuilder()
        .setSortOrder(RangeRequest.SortOrder.DESCEND)
        .setMaxCreateRevision(maxCreateRevision)
        .build();
  }

  /** True for a key that was created at the revision; 0 if it does not exist. */
  static Compare createdAt(ByteString key, long revision) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(Compare.CompareTarget.CREATE)
        .setResult(Compare.CompareResult.EQUAL)
        .setCreateRevision(revision)
        .build();
  }

  static RequestOp.Builder put(ByteString key, ByteString value, long lease) {
    return RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease));
  }

  static RequestOp.Builder range(RangeRequest request) {
    return RequestOp.newBuilder().setRequestRange(request);
  }

  static DeleteRangeRequest delete(ByteString key) {
    return DeleteRangeRequest.newBuilder().setKey(key).build();
  }

  static WatchRequest watchKey(ByteString key, long fromRevision) {
    return watch(WatchCreateRequest.newBuilder().setKey(key).setStartRevision(fromRevision));
  }

  static WatchRequest watchPrefix(ByteString prefix, long fromRevision) {
    return watch(
        WatchCreateRequest.newBuilder()
            .setKey(prefix)
            .setRangeEnd(end(prefix))
            .setStartRevision(fromRevision));
  }

  private static WatchRequest watch(WatchCreateRequest.Builder create) {
    return WatchRequest.newBuilder().setCreateRequest(create).build();
  }
}
