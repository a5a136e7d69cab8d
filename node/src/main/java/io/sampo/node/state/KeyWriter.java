package io.sampo.node.state;

import com.google.protobuf.ByteString;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.lease.LeaseEvent;
import io.sampo.node.state.lease.LeaseTable;
import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.MvccStore;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.LeaseCheckpoint;
import io.sampo.protocol.etcdserverpb.LeaseCheckpointRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.key.KeyRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts and deletes on the key space, which keep the keys' attachment to leases in step. Whoever
 * calls it ends the transaction.
 */
final class KeyWriter {
  private final MvccStore store;
  private final StoreOperations operations = new StoreOperations();
  private LeaseTable leases;

  KeyWriter(MvccStore store, LeaseTable leases) {
    this.store = store;
    this.leases = leases;
  }

  MvccStore store() {
    return store;
  }

  /** What was done to the store. */
  StoreOperations operations() {
    return operations;
  }

  LeaseTable leases() {
    return leases;
  }

  void setLeases(LeaseTable changed) {
    leases = changed;
  }

  /** Throws if the put cannot be done: its lease is unknown, or the key it builds on is. */
  void check(PutRequest request) {
    if (request.getLease() != 0 && leases.get(request.getLease()) == null) {
      throw EtcdError.LEASE_NOT_FOUND.exception();
    }
    countBefore(request);
    if ((request.getIgnoreValue() || request.getIgnoreLease())
        && existing(request.getKey().toByteArray()) == null) {
      throw EtcdError.KEY_NOT_FOUND.exception();
    }
  }

  /** etcd reads what was before where a put asks for it or builds on it. */
  void countBefore(PutRequest request) {
    if (request.getPrevKv() || request.getIgnoreValue() || request.getIgnoreLease()) {
      operations.ranged(1);
    }
  }

  /**
   * Writes what {@link #check} has let pass; it cannot fail. A transaction may have deleted the key
   * between the check and the put (the overlap check lets a delete "from key on" pass): etcd dies
   * of that, here there is nothing to take over.
   */
  PutResponse put(PutRequest request) {
    byte[] key = request.getKey().toByteArray();
    KeyVersion before = existing(key);
    ByteString value = request.getIgnoreValue() ? valueOf(before) : request.getValue();
    long lease = request.getIgnoreLease() ? leaseOf(before) : request.getLease();
    KeyVersion written = store.put(key, value, lease);
    operations.put((long) key.length + value.size());
    moveToLease(key, leaseOf(before), lease);
    PutResponse.Builder response =
        PutResponse.newBuilder().setHeader(Headers.at(written.modRevision()));
    if (request.getPrevKv() && before != null) {
      response.setPrevKv(before.toKeyValue());
    }
    return response.build();
  }

  DeleteRangeResponse delete(DeleteRangeRequest request) {
    KeyRange range =
        KeyRange.of(request.getKey().toByteArray(), request.getRangeEnd().toByteArray());
    operations.ranged(request.getPrevKv() ? 1 : 0);
    operations.deleted();
    List<KeyVersion> deleted = store.deleteRange(range);
    DeleteRangeResponse.Builder response =
        DeleteRangeResponse.newBuilder()
            .setHeader(Headers.at(store.revision()))
            .setDeleted(deleted.size());
    for (KeyVersion version : deleted) {
      detach(version);
      if (request.getPrevKv()) {
        response.addPrevKvs(version.toKeyValue());
      }
    }
    return response.build();
  }

  /** Ends a lease: deletes its keys, in their order, and forgets it. */
  void revoke(Lease lease) {
    for (byte[] key : lease.keys().toList()) {
      store.delete(key);
      operations.deleted();
    }
    leases = leases.without(lease.id());
  }

  /** Notes how much is left of leases, of those that there are. */
  List<LeaseEvent> checkpoint(LeaseCheckpointRequest request) {
    List<LeaseEvent> events = new ArrayList<>();
    for (LeaseCheckpoint checkpoint : request.getCheckpointsList()) {
      long id = checkpoint.getID();
      if (leases.get(id) != null) {
        leases = leases.checkpoint(id, checkpoint.getRemainingTTL());
        events.add(new LeaseEvent.Checkpointed(id, checkpoint.getRemainingTTL()));
      }
    }
    return events;
  }

  private static ByteString valueOf(KeyVersion before) {
    return before == null ? ByteString.EMPTY : before.valueBytes();
  }

  private static long leaseOf(KeyVersion before) {
    return before == null ? 0 : before.lease();
  }

  private KeyVersion existing(byte[] key) {
    KeyVersion newest = store.newest(key);
    return newest == null || newest.isTombstone() ? null : newest;
  }

  private void moveToLease(byte[] key, long from, long to) {
    if (from == to) {
      return;
    }
    if (from != 0) {
      leases = leases.detach(from, key);
    }
    if (to != 0) {
      leases = leases.attach(to, key);
    }
  }

  private void detach(KeyVersion version) {
    if (version.lease() != 0) {
      leases = leases.detach(version.lease(), version.key());
    }
  }
}
