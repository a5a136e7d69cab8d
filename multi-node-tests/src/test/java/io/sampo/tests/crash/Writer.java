package io.sampo.tests.crash;

import static io.sampo.tests.grpc.Etcd.bytes;

import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.tests.grpc.Etcd;
import java.util.Map;
import java.util.SplittableRandom;

/** Sends one request after another over its own keys until the server is gone. */
final class Writer {

  static final int KEYS = 12;

  private static final int MAX_VALUE = 2_000;
  private static final long LEASE_SECONDS = 100_000;

  /** How many revisions a compaction leaves, so that older versions can still be checked. */
  private static final long KEPT_REVISIONS = 500;

  private final int number;
  private final SplittableRandom random;
  private final Ledger ledger = new Ledger();
  private long nextValue;
  private long nextLease;

  Writer(int number, long seed) {
    this.number = number;
    this.random = new SplittableRandom(seed);
    this.nextLease = 1_000_000L * (number + 1);
  }

  /** Runs until a call fails, which is when the server was killed. */
  void run(Etcd etcd) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        step(etcd);
      }
    } catch (StatusRuntimeException killed) {
      // What the last call did is unknown; the ledger remembers it as that.
      lastFailure = killed;
    }
  }

  private StatusRuntimeException lastFailure;

  /** The status that ended the last run. */
  StatusRuntimeException lastFailure() {
    return lastFailure;
  }

  private void step(Etcd etcd) {
    int choice = random.nextInt(100);
    if (choice < 60) {
      put(etcd);
    } else if (choice < 75) {
      transaction(etcd);
    } else if (choice < 88) {
      delete(etcd);
    } else if (choice < 94) {
      grant(etcd);
    } else if (choice < 98) {
      revoke(etcd);
    } else {
      compact(etcd);
    }
  }

  private void put(Etcd etcd) {
    String key = key(random.nextInt(KEYS));
    String value = value();
    ledger.begin(Map.of(key, new Version(value, 0)));
    long revision = etcd.put(put(key, value)).getHeader().getRevision();
    ledger.acknowledge(revision);
  }

  private static PutRequest.Builder put(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
  }

  private void transaction(Etcd etcd) {
    int first = random.nextInt(KEYS - 1);
    String one = key(first);
    String two = key(first + 1);
    String value = value();
    ledger.begin(Map.of(one, new Version(value, 0), two, new Version(value, 0)));
    TxnRequest.Builder request =
        TxnRequest.newBuilder()
            .addSuccess(RequestOp.newBuilder().setRequestPut(put(one, value)))
            .addSuccess(RequestOp.newBuilder().setRequestPut(put(two, value)));
    ledger.acknowledge(etcd.txn(request).getHeader().getRevision());
  }

  private void delete(Etcd etcd) {
    String key = key(random.nextInt(KEYS));
    ledger.begin(Map.of(key, Version.ABSENT));
    DeleteRangeResponse answer = etcd.delete(DeleteRangeRequest.newBuilder().setKey(bytes(key)));
    ledger.acknowledge(answer.getHeader().getRevision());
  }

  private void grant(Etcd etcd) {
    ledger.beginLease(nextLease++);
    etcd.grant(nextLease - 1, LEASE_SECONDS);
    ledger.acknowledgeGrant();
  }

  private void revoke(Etcd etcd) {
    if (ledger.leases().isEmpty()) {
      return;
    }
    long id = ledger.leases().iterator().next();
    ledger.beginLease(id);
    etcd.revoke(id);
    ledger.acknowledgeRevoke();
  }

  /** Only the first writer compacts: two would refuse each other. */
  private void compact(Etcd etcd) {
    long revision = ledger.highestRevision() - KEPT_REVISIONS;
    if (number != 0 || revision <= ledger.compacted()) {
      return;
    }
    try {
      etcd.compact(
          CompactionRequest.newBuilder().setRevision(revision).setPhysical(random.nextBoolean()));
      ledger.acknowledgeCompaction(revision);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != io.grpc.Status.Code.OUT_OF_RANGE) {
        throw e;
      }
      // One that was cut off by an earlier crash had happened.
      ledger.acknowledgeCompaction(revision);
    }
  }

  String key(int index) {
    return "writer-" + number + "/" + index;
  }

  private String value() {
    return number + ":" + nextValue++ + ":" + "x".repeat(random.nextInt(MAX_VALUE));
  }

  Ledger ledger() {
    return ledger;
  }
}
