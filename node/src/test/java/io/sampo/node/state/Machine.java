package io.sampo.node.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.Message;
import io.sampo.node.state.bucket.BucketSource;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResponses;
import io.sampo.node.state.mvcc.RangeResult;
import io.sampo.persistence.snapshot.Bucket;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A state machine that counts the log's indexes by itself. */
final class Machine {
  final StateMachine state;
  private long index;

  Machine() {
    this(StateSettings.DEFAULT);
  }

  Machine(StateSettings settings) {
    this.state = new StateMachine(settings);
  }

  private Machine(StateMachine state, long index) {
    this.state = state;
    this.index = index;
  }

  /** The same state, written as a snapshot and read back. */
  Machine restarted() {
    Map<String, List<byte[][]>> buckets = contents();
    BucketSource source =
        (name, visitor) ->
            buckets
                .getOrDefault(name, List.of())
                .forEach(entry -> visitor.accept(entry[0], entry[1]));
    try {
      return new Machine(StateMachine.restore(StateSettings.DEFAULT, source), index);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The entries of every bucket of a snapshot. */
  Map<String, List<byte[][]>> contents() {
    Map<String, List<byte[][]>> buckets = new TreeMap<>();
    for (Bucket bucket : state.image().buckets()) {
      List<byte[][]> entries = new ArrayList<>();
      bucket.forEach((key, value) -> entries.add(new byte[][] {key, value}));
      buckets.put(bucket.name(), entries);
    }
    return buckets;
  }

  ApplyResult apply(InternalRaftRequest request) {
    return state.apply(request, ++index, 1);
  }

  /** Applies a request that has to succeed. */
  Message done(InternalRaftRequest request) {
    ApplyResult result = apply(request);
    assertNull(result.error(), () -> result.error().text());
    return result.response();
  }

  void put(String key, String value) {
    done(Requests.raft(Requests.put(key, value)));
  }

  void put(PutRequest.Builder put) {
    done(Requests.raft(put));
  }

  void delete(String key) {
    done(Requests.raft(Requests.delete(key, "")));
  }

  TxnResponse txn(TxnRequest.Builder txn) {
    return (TxnResponse) done(Requests.raft(txn));
  }

  RangeResponse range(RangeRequest.Builder request) {
    RangeResult result = state.view().range(RangeQuery.of(request.build()));
    return RangeResponses.message(Headers.at(result.revision()), result);
  }

  long revision() {
    return state.view().revision();
  }

  /** Applies a request that has to fail so, and to leave the revision alone. */
  void fails(EtcdError error, InternalRaftRequest request) {
    long before = revision();
    assertEquals(error.exception(), apply(request).error());
    assertEquals(before, revision());
  }
}
