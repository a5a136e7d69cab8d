package io.sampo.node.state;

import static io.sampo.node.state.Requests.compare;
import static io.sampo.node.state.Requests.delete;
import static io.sampo.node.state.Requests.op;
import static io.sampo.node.state.Requests.put;
import static io.sampo.node.state.Requests.raft;
import static io.sampo.node.state.Requests.range;
import static io.sampo.node.state.Requests.txn;

import io.sampo.protocol.authpb.Permission.Type;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmRequest.AlarmAction;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.Compare.CompareResult;
import io.sampo.protocol.etcdserverpb.Compare.CompareTarget;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request in the log needs (etcd 3.7.1, etcdserver/apply/auth.go). */
class PermissionsTest {
  private static final String HASH = "aGFzaA==";

  private final Machine machine = new Machine();

  /** "app" reads r, writes w, reads and writes b to d. */
  @BeforeEach
  void authenticationIsOn() {
    machine.done(AuthRequests.addUser("root", HASH));
    machine.done(AuthRequests.grantRole("root", "root"));
    machine.done(AuthRequests.addRole("app"));
    machine.done(AuthRequests.grant("app", Type.READWRITE, "b", "c"));
    machine.done(AuthRequests.grant("app", Type.READWRITE, "c", "d"));
    machine.done(AuthRequests.grant("app", Type.READ, "r", ""));
    machine.done(AuthRequests.grant("app", Type.WRITE, "w", ""));
    machine.done(AuthRequests.addUser("app", HASH));
    machine.done(AuthRequests.grantRole("app", "app"));
    machine.done(AuthRequests.enable());
    machine.done(Requests.grant(7, 60));
    machine.done(Requests.grant(8, 60));
    machine.done(by("root", raft(put("x", "").setLease(8))));
  }

  private InternalRaftRequest by(String user, InternalRaftRequest request) {
    return AuthRequests.by(user, machine.state.auth().revision(), request);
  }

  private void may(InternalRaftRequest request) {
    machine.done(by("app", request));
  }

  private void mayNot(InternalRaftRequest request) {
    machine.fails(EtcdError.PERMISSION_DENIED, by("app", request));
    machine.fails(EtcdError.PERMISSION_DENIED, by("nobody", request));
    machine.fails(EtcdError.USER_EMPTY, request);
    machine.fails(EtcdError.AUTH_OLD_REVISION, AuthRequests.by("app", 1, request));
  }

  @Test
  void aPutNeedsWriting() {
    may(raft(put("w", "")));
    may(raft(put("b", "").setPrevKv(true)));
    mayNot(raft(put("r", "")));
    mayNot(raft(put("w", "").setPrevKv(true)));
    mayNot(raft(put("ww", "")));
  }

  @Test
  void aPutWithALeaseNeedsWritingWhateverHangsOnIt() {
    may(raft(put("w", "").setLease(7)));
    may(raft(put("b", "").setLease(7)));
    mayNot(raft(put("b", "").setLease(8)));
    // Whoever may not write is told so before the lease is looked for.
    mayNot(raft(put("r", "").setLease(9)));
    machine.fails(EtcdError.LEASE_NOT_FOUND, by("app", raft(put("b", "").setLease(9))));
    machine.done(by("root", raft(put("z", "").setLease(7))));
    mayNot(raft(put("b", "").setLease(7)));
  }

  @Test
  void aLeaseIsRevokedByWhoMayWriteItsKeys() {
    mayNot(Requests.revoke(8));
    may(raft(put("b", "").setLease(7)));
    machine.fails(EtcdError.USER_EMPTY, Requests.revoke(7));
    may(Requests.revoke(7));
    machine.fails(EtcdError.LEASE_NOT_FOUND, by("app", Requests.revoke(9)));
    // Without keys anybody may, and so may an admin of whatever age.
    machine.done(Requests.grant(7, 60));
    machine.done(Requests.revoke(7));
    machine.done(AuthRequests.by("root", 1, Requests.revoke(8)));
  }

  @Test
  void aDeleteNeedsWritingAllOfItsRange() {
    may(raft(delete("w", "")));
    may(raft(delete("b", "d")));
    may(raft(delete("bb", "cc").setPrevKv(true)));
    mayNot(raft(delete("b", "d\0")));
    mayNot(raft(delete("b", "\0")));
    mayNot(raft(delete("a", "c")));
    mayNot(raft(delete("w", "").setPrevKv(true)));
  }

  @Test
  void aRangeNeedsReadingAllOfIt() {
    may(InternalRaftRequest.newBuilder().setRange(range("r", "")).build());
    mayNot(InternalRaftRequest.newBuilder().setRange(range("w", "")).build());
    mayNot(InternalRaftRequest.newBuilder().setRange(range("r", "r\0\0")).build());
  }

  @Test
  void bothBranchesOfATransactionCountAndWhatIsInThem() {
    may(raft(txn(op(put("w", "")), op(range("r", "")), op(delete("b", "d").setPrevKv(true)))));
    List<TxnRequest.Builder> forbidden =
        List.of(
            txn(op(put("r", ""))),
            txn(op(put("w", "").setPrevKv(true))),
            txn(op(put("w", "").setLease(8))),
            txn(op(range("w", ""))),
            txn(op(delete("r", ""))),
            txn(op(delete("w", "").setPrevKv(true))),
            txn().addCompare(compare("w", CompareTarget.VERSION, CompareResult.EQUAL)),
            txn()
                .addCompare(
                    compare("r", CompareTarget.VERSION, CompareResult.EQUAL)
                        .setRangeEnd(Requests.bytes("s"))));
    for (TxnRequest.Builder txn : forbidden) {
      mayNot(raft(txn));
      mayNot(raft(txn(op(txn))));
      mayNot(raft(TxnRequest.newBuilder().addAllFailure(txn(op(txn)).getSuccessList())));
      mayNot(raft(txn(op(txn(op(txn))))));
    }
  }

  @Test
  void whatNeedsNoPermissionIsNotAskedFor() {
    machine.done(Requests.grant(9, 60));
    machine.done(Requests.compact(1));
  }

  @Test
  void alarmsComeBeforePermissions() {
    machine.done(
        InternalRaftRequest.newBuilder()
            .setAlarm(
                AlarmRequest.newBuilder()
                    .setAction(AlarmAction.ACTIVATE)
                    .setMemberID(1)
                    .setAlarm(AlarmType.NOSPACE))
            .build());
    machine.fails(EtcdError.NO_SPACE, raft(put("r", "")));
    mayNot(raft(delete("r", "")));
  }

  @Test
  void permissionsFollowTheRole() {
    may(raft(put("b", "")));
    machine.done(by("root", AuthRequests.revoke("app", "b", "c")));
    mayNot(raft(put("b", "")));
    may(raft(put("c", "")));
    machine.done(by("root", AuthRequests.revokeRole("app", "app")));
    mayNot(raft(put("c", "")));
    machine.done(by("root", AuthRequests.grantRole("app", "root")));
    may(raft(put("anything", "")));
  }
}
