package io.sampo.tests.sim.client;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.v3lockpb.LockRequest;
import io.sampo.protocol.v3lockpb.LockResponse;
import io.sampo.protocol.v3lockpb.UnlockRequest;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.fault.Probe;

/**
 * Takes the one lock with a lease of its own, writes while it believes that it holds it, each time
 * on the condition that its key is still there (the fence), and gives it back or lets it lapse.
 */
public final class LockClient extends SequentialClient {
  private static final long TIMEOUT_NANOS = 4_000 * MILLI;

  /** What the lock protects; like the lock before all keys that other clients write. */
  public static final ByteString TREASURE = ByteString.copyFromUtf8("a-treasure");

  public static final ByteString NAME = ByteString.copyFromUtf8("a-lock");

  private SimMember member;
  private long lease;
  private ByteString key;
  private int writes;
  private int values;

  public LockClient(String name, SimCluster cluster, Caller caller) {
    super(name, cluster, caller, TIMEOUT_NANOS);
  }

  public void start() {
    again(this::grant);
  }

  private void again(Runnable next) {
    after(random.nextLong(300 * MILLI), next);
  }

  private void grant() {
    member = anyMember();
    LeaseGrantRequest request =
        LeaseGrantRequest.newBuilder().setTTL(2 + random.nextInt(4)).build();
    call(
        member,
        request,
        services -> services.lease().leaseGrant(request, null),
        call -> {
          if (call.response() instanceof LeaseGrantResponse granted) {
            lease = granted.getID();
            again(this::lock);
          } else {
            again(this::grant);
          }
        });
  }

  private void lock() {
    LockRequest request = LockRequest.newBuilder().setName(NAME).setLease(lease).build();
    call(
        member,
        request,
        services -> services.lock().lock(request, null),
        call -> {
          if (call.response() instanceof LockResponse locked) {
            cluster.probes().hit(Probe.LOCK_TAKEN);
            key = locked.getKey();
            writes = random.nextInt(4);
            again(this::write);
          } else {
            again(this::revoke);
          }
        });
  }

  private void write() {
    if (writes-- == 0) {
      again(random.nextInt(4) == 0 ? this::grant : this::unlock);
      return;
    }
    PutRequest put =
        PutRequest.newBuilder()
            .setKey(TREASURE)
            .setValue(ByteString.copyFromUtf8(name + ":" + ++values))
            .build();
    TxnRequest request =
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setTarget(Compare.CompareTarget.CREATE)
                    .setResult(Compare.CompareResult.GREATER)
                    .setKey(key)
                    .setCreateRevision(0))
            .addSuccess(RequestOp.newBuilder().setRequestPut(put))
            .build();
    call(member, request, services -> services.kv().txn(request, null), call -> again(this::write));
  }

  private void unlock() {
    UnlockRequest request = UnlockRequest.newBuilder().setKey(key).build();
    call(
        member,
        request,
        services -> services.lock().unlock(request, null),
        call -> again(this::revoke));
  }

  private void revoke() {
    LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder().setID(lease).build();
    call(
        member,
        request,
        services -> services.lease().leaseRevoke(request, null),
        call -> again(this::grant));
  }
}
