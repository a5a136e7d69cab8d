package io.sampo.node.state;

import com.google.protobuf.ByteString;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether a transaction could write a key twice: two puts of it, or a put inside of a delete, on
 * any one path (etcd 3.7.1, checkIntervals). Deletes may overlap each other; the two branches of
 * one transaction exclude each other and may touch the same key, two sibling transactions may not.
 *
 * <p>A range end of a single zero byte is taken literally, as etcd does here, so that a delete
 * "from key on" collides with nothing.
 */
final class OverlapCheck {
  private final Set<ByteString> puts = new HashSet<>();

  /** Disjoint half-open ranges that are deleted, by their first key. */
  private final TreeMap<byte[], byte[]> deletes = new TreeMap<>(Arrays::compareUnsigned);

  private OverlapCheck() {}

  /** Throws DUPLICATE_KEY if the operations could write a key twice. */
  static OverlapCheck check(List<RequestOp> operations) {
    OverlapCheck all = new OverlapCheck();
    for (RequestOp operation : operations) {
      if (operation.hasRequestDeleteRange()) {
        all.addDelete(operation.getRequestDeleteRange());
      }
    }
    for (RequestOp operation : operations) {
      if (operation.hasRequestTxn()) {
        OverlapCheck success = check(operation.getRequestTxn().getSuccessList());
        OverlapCheck failure = check(operation.getRequestTxn().getFailureList());
        all.addBranches(success, failure);
      }
    }
    for (RequestOp operation : operations) {
      if (operation.hasRequestPut()) {
        all.addPut(operation.getRequestPut().getKey());
      }
    }
    return all;
  }

  private void addBranches(OverlapCheck success, OverlapCheck failure) {
    success.puts.forEach(this::addPut);
    for (ByteString key : failure.puts) {
      if (success.puts.contains(key)) {
        continue;
      }
      addPut(key);
    }
    success.deletes.forEach(this::addDelete);
    failure.deletes.forEach(this::addDelete);
  }

  private void addPut(ByteString key) {
    Map.Entry<byte[], byte[]> before = deletes.floorEntry(key.toByteArray());
    boolean deleted =
        before != null && Arrays.compareUnsigned(key.toByteArray(), before.getValue()) < 0;
    if (deleted || !puts.add(key)) {
      throw EtcdError.DUPLICATE_KEY.exception();
    }
  }

  private void addDelete(DeleteRangeRequest request) {
    byte[] start = request.getKey().toByteArray();
    byte[] end =
        request.getRangeEnd().isEmpty()
            ? Arrays.copyOf(start, start.length + 1)
            : request.getRangeEnd().toByteArray();
    addDelete(start, end);
  }

  private void addDelete(byte[] start, byte[] end) {
    if (Arrays.compareUnsigned(start, end) >= 0) {
      return;
    }
    byte[] first = start;
    byte[] last = end;
    Map.Entry<byte[], byte[]> touching = deletes.floorEntry(last);
    while (touching != null && Arrays.compareUnsigned(touching.getValue(), first) >= 0) {
      deletes.remove(touching.getKey());
      first = Arrays.compareUnsigned(touching.getKey(), first) < 0 ? touching.getKey() : first;
      last = Arrays.compareUnsigned(touching.getValue(), last) > 0 ? touching.getValue() : last;
      touching = deletes.floorEntry(last);
    }
    deletes.put(first, last);
  }
}
