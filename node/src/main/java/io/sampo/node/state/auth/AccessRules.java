package io.sampo.node.state.auth;

import com.google.protobuf.ByteString;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.lease.LeaseTable;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.List;

/**
 * What a caller needs for a request (etcd 3.7.1, etcdserver/apply/auth.go). Every check throws the
 * {@link io.sampo.protocol.error.EtcdException} to answer with, or returns; all return while
 * authentication is off.
 *
 * @param leases as they are before the request
 * @param user who asks; empty if nobody said
 * @param authRevision by which the user was found; 0 if nobody said
 */
public record AccessRules(AuthTable table, LeaseTable leases, String user, long authRevision) {
  private static final byte[] KEY_ALONE = {};

  /** For a request in the log, by what its header says. */
  public static AccessRules of(AuthTable table, LeaseTable leases, RequestHeader header) {
    return new AccessRules(table, leases, header.getUsername(), header.getAuthRevision());
  }

  /** Reading those keys. */
  public void range(RangeRequest request) {
    if (table.enabled()) {
      readRange(request);
    }
  }

  private void readRange(RangeRequest request) {
    read(request.getKey().toByteArray(), request.getRangeEnd().toByteArray());
  }

  /**
   * Writing the key and, with a lease, every key that hangs on it: whoever may not write those may
   * not revoke the lease either, and so not let a key depend on it.
   */
  public void put(PutRequest request) {
    if (table.enabled()) {
      writeKey(request);
    }
  }

  private void writeKey(PutRequest request) {
    byte[] key = request.getKey().toByteArray();
    write(key, KEY_ALONE);
    keysOf(request.getLease());
    if (request.getPrevKv()) {
      read(key, KEY_ALONE);
    }
  }

  /** Writing those keys, and reading them if the answer shows them. */
  public void delete(DeleteRangeRequest request) {
    if (table.enabled()) {
      writeRange(request);
    }
  }

  private void writeRange(DeleteRangeRequest request) {
    byte[] key = request.getKey().toByteArray();
    byte[] rangeEnd = request.getRangeEnd().toByteArray();
    write(key, rangeEnd);
    if (request.getPrevKv()) {
      read(key, rangeEnd);
    }
  }

  /** What is compared is read; both branches count, whichever will run, and nested ones too. */
  public void txn(TxnRequest request) {
    if (table.enabled()) {
      both(request);
    }
  }

  private void both(TxnRequest request) {
    for (Compare compare : request.getCompareList()) {
      read(compare.getKey().toByteArray(), compare.getRangeEnd().toByteArray());
    }
    operations(request.getSuccessList());
    operations(request.getFailureList());
  }

  private void operations(List<RequestOp> operations) {
    for (RequestOp operation : operations) {
      switch (operation.getRequestCase()) {
        case REQUEST_RANGE -> readRange(operation.getRequestRange());
        case REQUEST_PUT -> writeKey(operation.getRequestPut());
        case REQUEST_DELETE_RANGE -> writeRange(operation.getRequestDeleteRange());
        case REQUEST_TXN -> both(operation.getRequestTxn());
        case REQUEST_NOT_SET -> {}
      }
    }
  }

  /** Writing every key that hangs on the lease, by anybody but an admin. */
  public void keysOf(long leaseId) {
    Lease lease = leases.get(leaseId);
    if (lease != null && !table.isAdmin(user)) {
      table.checkWrite(user, authRevision, lease.keys());
    }
  }

  /** Reading every key that hangs on the lease, by anybody but an admin. */
  public void readKeysOf(Lease lease) {
    if (!table.isAdmin(user)) {
      table.checkRead(user, authRevision, lease.keys());
    }
  }

  /** Reading those keys, by anybody but an admin. */
  public void readKeys(List<ByteString> keys) {
    if (!table.isAdmin(user)) {
      keys.forEach(key -> read(key.toByteArray(), KEY_ALONE));
    }
  }

  /** The role root. */
  public void admin() {
    table.checkAdmin(user);
  }

  /** Reading that range. */
  public void read(byte[] key, byte[] rangeEnd) {
    table.checkRead(user, authRevision, key, rangeEnd);
  }

  private void write(byte[] key, byte[] rangeEnd) {
    table.checkWrite(user, authRevision, key, rangeEnd);
  }

  /** Whether only an admin may have that request applied. */
  public static boolean isForAdmins(InternalRaftRequest request) {
    return request.hasAuthEnable()
        || request.hasAuthDisable()
        || request.hasAuthUserAdd()
        || request.hasAuthUserDelete()
        || request.hasAuthUserChangePassword()
        || request.hasAuthUserGrantRole()
        || request.hasAuthUserRevokeRole()
        || request.hasAuthUserList()
        || request.hasAuthRoleAdd()
        || request.hasAuthRoleGrantPermission()
        || request.hasAuthRoleRevokePermission()
        || request.hasAuthRoleDelete()
        || request.hasAuthRoleList();
  }
}
