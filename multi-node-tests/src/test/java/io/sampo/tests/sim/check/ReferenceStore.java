package io.sampo.tests.sim.check;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.ResponseOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.protocol.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * etcd's store in the plainest form: every version of every key, for ever. Slow, small, and written
 * from etcd's documentation instead of from our own store.
 */
final class ReferenceStore {
  private static final Comparator<ByteString> BYTES =
      ByteString.unsignedLexicographicalComparator();

  private final TreeMap<ByteString, List<ReferenceVersion>> keys = new TreeMap<>(BYTES);
  private final List<ReferenceVersion> history = new ArrayList<>();
  private final TreeMap<Long, TreeSet<ByteString>> leases = new TreeMap<>();
  private long revision = 1;
  private long compactRevision = -1;

  long revision() {
    return revision;
  }

  long compactRevision() {
    return compactRevision;
  }

  /** All versions in the order of their revisions. */
  List<ReferenceVersion> history() {
    return history;
  }

  Map<Long, TreeSet<ByteString>> leases() {
    return leases;
  }

  /** What the request answers; null for requests that say nothing of keys, or that fail. */
  Message apply(InternalRaftRequest request) {
    long next = revision + 1;
    int before = history.size();
    Message response = null;
    if (request.hasPut()) {
      response = put(request.getPut(), next);
    } else if (request.hasDeleteRange()) {
      response = delete(request.getDeleteRange(), next);
    } else if (request.hasTxn()) {
      // A lease that is gone lets the whole transaction fail, and it changes nothing.
      response = hasLeases(request.getTxn()) ? txn(request.getTxn(), next) : null;
    } else if (request.hasCompaction()) {
      long wanted = request.getCompaction().getRevision();
      if (wanted > compactRevision && wanted <= revision) {
        compactRevision = wanted;
      }
    } else if (request.hasLeaseGrant()) {
      leases.putIfAbsent(request.getLeaseGrant().getID(), new TreeSet<>(BYTES));
    } else if (request.hasLeaseRevoke()) {
      revoke(request.getLeaseRevoke().getID(), next);
    }
    if (history.size() > before) {
      revision = next;
    }
    return response == null ? null : at(response, revision);
  }

  /** The response with the header of that revision and nothing else in it. */
  static Message at(Message response, long revision) {
    ResponseHeader header = ResponseHeader.newBuilder().setRevision(revision).build();
    Message.Builder builder = response.toBuilder();
    builder.setField(builder.getDescriptorForType().findFieldByName("header"), header);
    return builder.build();
  }

  private PutResponse put(PutRequest put, long at) {
    if (put.getLease() != 0 && !leases.containsKey(put.getLease())) {
      return null;
    }
    KeyValue old = get(put.getKey(), Long.MAX_VALUE);
    if (old != null && old.getLease() != 0) {
      leases.get(old.getLease()).remove(put.getKey());
    }
    KeyValue.Builder kv =
        KeyValue.newBuilder()
            .setKey(put.getKey())
            .setValue(put.getValue())
            .setLease(put.getLease())
            .setModRevision(at)
            .setCreateRevision(old == null ? at : old.getCreateRevision())
            .setVersion(old == null ? 1 : old.getVersion() + 1);
    add(new ReferenceVersion(kv.build(), false));
    if (put.getLease() != 0) {
      leases.get(put.getLease()).add(put.getKey());
    }
    PutResponse.Builder response = PutResponse.newBuilder();
    if (put.getPrevKv() && old != null) {
      response.setPrevKv(old);
    }
    return response.build();
  }

  private DeleteRangeResponse delete(DeleteRangeRequest request, long at) {
    DeleteRangeResponse.Builder response = DeleteRangeResponse.newBuilder();
    List<KeyValue> victims = visible(request.getKey(), request.getRangeEnd(), Long.MAX_VALUE);
    for (KeyValue victim : victims) {
      deleteOne(victim, at);
      if (request.getPrevKv()) {
        response.addPrevKvs(victim);
      }
    }
    return response.setDeleted(victims.size()).build();
  }

  private void deleteOne(KeyValue victim, long at) {
    if (victim.getLease() != 0) {
      leases.get(victim.getLease()).remove(victim.getKey());
    }
    add(
        new ReferenceVersion(
            KeyValue.newBuilder().setKey(victim.getKey()).setModRevision(at).build(), true));
  }

  private void revoke(long id, long at) {
    TreeSet<ByteString> attached = leases.get(id);
    if (attached != null) {
      for (ByteString key : List.copyOf(attached)) {
        deleteOne(get(key, Long.MAX_VALUE), at);
      }
      leases.remove(id);
    }
  }

  private TxnResponse txn(TxnRequest txn, long at) {
    boolean succeeded =
        txn.getCompareList().stream().allMatch(compare -> holds(compare, Long.MAX_VALUE));
    TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(succeeded);
    for (RequestOp op : succeeded ? txn.getSuccessList() : txn.getFailureList()) {
      response.addResponses(operation(op, at));
    }
    return response.build();
  }

  /** Whether there is every lease that the way through the transaction puts keys to. */
  private boolean hasLeases(TxnRequest txn) {
    boolean succeeded =
        txn.getCompareList().stream().allMatch(compare -> holds(compare, Long.MAX_VALUE));
    for (RequestOp op : succeeded ? txn.getSuccessList() : txn.getFailureList()) {
      long lease = op.getRequestPut().getLease();
      boolean there = lease == 0 || leases.containsKey(lease);
      if (!there || (op.hasRequestTxn() && !hasLeases(op.getRequestTxn()))) {
        return false;
      }
    }
    return true;
  }

  private ResponseOp operation(RequestOp op, long at) {
    ResponseOp.Builder response = ResponseOp.newBuilder();
    switch (op.getRequestCase()) {
      case REQUEST_PUT -> {
        PutResponse put = put(op.getRequestPut(), at);
        response.setResponsePut((PutResponse) at(put, at));
      }
      case REQUEST_DELETE_RANGE -> {
        DeleteRangeResponse deleted = delete(op.getRequestDeleteRange(), at);
        boolean any = history.size() > 0 && history.get(history.size() - 1).revision() == at;
        response.setResponseDeleteRange((DeleteRangeResponse) at(deleted, any ? at : at - 1));
      }
      case REQUEST_RANGE -> {
        boolean any = history.size() > 0 && history.get(history.size() - 1).revision() == at;
        response.setResponseRange(range(op.getRequestRange(), Long.MAX_VALUE, any ? at : at - 1));
      }
      case REQUEST_TXN -> response.setResponseTxn(txn(op.getRequestTxn(), at));
      default -> throw new IllegalStateException("an operation of no kind");
    }
    return response.build();
  }

  private boolean holds(Compare compare, long at) {
    KeyValue kv = get(compare.getKey(), at);
    KeyValue now = kv == null ? KeyValue.getDefaultInstance() : kv;
    int order =
        switch (compare.getTarget()) {
          case VERSION -> Long.compare(now.getVersion(), compare.getVersion());
          case CREATE -> Long.compare(now.getCreateRevision(), compare.getCreateRevision());
          case MOD -> Long.compare(now.getModRevision(), compare.getModRevision());
          case VALUE -> BYTES.compare(now.getValue(), compare.getValue());
          default -> throw new IllegalStateException("not compared by the clients");
        };
    if (kv == null && compare.getTarget() == Compare.CompareTarget.VALUE) {
      return false;
    }
    return switch (compare.getResult()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER -> order > 0;
      case LESS -> order < 0;
      default -> throw new IllegalStateException("compared how?");
    };
  }

  /** What a read answers that saw the state of a revision. */
  RangeResponse range(RangeRequest request, long seenAt, long header) {
    long at = request.getRevision() > 0 ? request.getRevision() : seenAt;
    List<KeyValue> found = visible(request.getKey(), request.getRangeEnd(), at);
    RangeResponse.Builder response =
        RangeResponse.newBuilder()
            .setHeader(ResponseHeader.newBuilder().setRevision(header))
            .setCount(found.size());
    if (request.getCountOnly()) {
      return response.build();
    }
    long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
    for (KeyValue kv : found) {
      if (response.getKvsCount() >= limit) {
        return response.setMore(true).build();
      }
      // etcd 3.7 answers this from its index, which knows nothing of leases.
      response.addKvs(
          request.getKeysOnly() ? kv.toBuilder().clearValue().clearLease().build() : kv);
    }
    return response.build();
  }

  /** Whether a deletion would have deleted nothing then. */
  boolean isEmpty(DeleteRangeRequest request, long at) {
    return visible(request.getKey(), request.getRangeEnd(), at).isEmpty();
  }

  /** What a transaction answers that changed nothing at that revision; null if it had to. */
  TxnResponse unchanging(TxnRequest txn, long at) {
    boolean succeeded = txn.getCompareList().stream().allMatch(compare -> holds(compare, at));
    TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(succeeded);
    for (RequestOp op : succeeded ? txn.getSuccessList() : txn.getFailureList()) {
      ResponseOp each = unchanging(op, at);
      if (each == null) {
        return null;
      }
      response.addResponses(each);
    }
    return response.build();
  }

  private ResponseOp unchanging(RequestOp op, long at) {
    ResponseOp.Builder response = ResponseOp.newBuilder();
    if (op.hasRequestRange()) {
      return response.setResponseRange(range(op.getRequestRange(), at, at)).build();
    } else if (op.hasRequestTxn()) {
      TxnResponse inner = unchanging(op.getRequestTxn(), at);
      return inner == null ? null : response.setResponseTxn(inner).build();
    }
    boolean nothing = op.hasRequestDeleteRange() && isEmpty(op.getRequestDeleteRange(), at);
    return nothing
        ? response.setResponseDeleteRange(DeleteRangeResponse.getDefaultInstance()).build()
        : null;
  }

  private void add(ReferenceVersion version) {
    keys.computeIfAbsent(version.key(), key -> new ArrayList<>()).add(version);
    history.add(version);
  }

  KeyValue get(ByteString key, long at) {
    List<ReferenceVersion> versions = keys.getOrDefault(key, List.of());
    for (int i = versions.size() - 1; i >= 0; i--) {
      ReferenceVersion version = versions.get(i);
      if (version.revision() <= at) {
        return version.deleted() ? null : version.kv();
      }
    }
    return null;
  }

  /** What begins with these bytes. */
  List<KeyValue> withPrefix(ByteString prefix, long at) {
    List<KeyValue> found = new ArrayList<>();
    for (ByteString key : keys.tailMap(prefix, true).keySet()) {
      KeyValue kv = key.startsWith(prefix) ? get(key, at) : null;
      if (kv != null) {
        found.add(kv);
      }
    }
    return found;
  }

  private List<KeyValue> visible(ByteString from, ByteString end, long at) {
    List<KeyValue> found = new ArrayList<>();
    for (ByteString key : keys.tailMap(from, true).keySet()) {
      if (!inRange(key, from, end)) {
        break;
      }
      KeyValue kv = get(key, at);
      if (kv != null) {
        found.add(kv);
      }
    }
    return found;
  }

  static boolean inRange(ByteString key, ByteString from, ByteString end) {
    if (end.isEmpty()) {
      return key.equals(from);
    }
    boolean toTheEnd = end.size() == 1 && end.byteAt(0) == 0;
    return BYTES.compare(key, from) >= 0 && (toTheEnd || BYTES.compare(key, end) < 0);
  }
}
