package io.sampo.node.state;

import static io.sampo.node.state.Requests.compact;
import static io.sampo.node.state.Requests.delete;
import static io.sampo.node.state.Requests.grant;
import static io.sampo.node.state.Requests.op;
import static io.sampo.node.state.Requests.put;
import static io.sampo.node.state.Requests.raft;
import static io.sampo.node.state.Requests.range;
import static io.sampo.node.state.Requests.revoke;
import static io.sampo.node.state.Requests.txn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.AlarmMember;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmRequest.AlarmAction;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of the space quota and of alarms. */
class AlarmAndQuotaTest {
  private static final long EMPTY_SIZE = 5 * 4096;

  private final Machine machine = new Machine();

  @Test
  void costsAreThoseOfTheDearerBranchAndNestedPutsCount() {
    assertEquals(256 + 3, Quota.cost(put("a", "12").build()));
    assertEquals(
        2 * (256 + 2),
        Quota.cost(
            txn(op(put("a", "1")), op(txn(op(put("b", "1")))), op(delete("c", "")))
                .addFailure(op(put("a", "1")))
                .build()));
    assertEquals(0, Quota.cost(txn(op(delete("a", "")), op(range("a", ""))).build()));
  }

  @Test
  void aQuotaOfZeroIsTwoGibibytesAndANegativeOneNone() {
    assertEquals(2L << 30, Quota.ofFlag(0).limitBytes());
    assertTrue(Quota.ofFlag(-1).admits(Long.MAX_VALUE - 1, 1000));
    assertTrue(Quota.ofFlag(100).admits(200, 0));
    assertFalse(Quota.ofFlag(100).admits(50, 50));
  }

  @Test
  void theWriteThatOutgrowsTheQuotaIsDoneAndThenRefused() {
    Machine small = new Machine(new StateSettings(2, EMPTY_SIZE + 300, 1));
    small.put("a", "1");
    ApplyResult result = small.apply(raft(put("b", "1")));
    assertEquals(EtcdError.NO_SPACE.exception(), result.error());
    assertTrue(result.raiseNoSpaceAlarm());
    assertEquals(1, result.changed().size());
    assertEquals(3, small.revision());
  }

  @Test
  void withNoSpaceOnlyWhatCostsIsRefused() {
    machine.put("a", "1");
    machine.done(grant(1, 60));
    activate(9, AlarmType.NOSPACE_VALUE);
    machine.fails(EtcdError.NO_SPACE, raft(put("b", "1")));
    machine.fails(EtcdError.NO_SPACE, grant(2, 60));
    machine.fails(EtcdError.NO_SPACE, raft(txn().addFailure(op(put("b", "1")))));
    assertFalse(machine.apply(raft(put("b", "1"))).raiseNoSpaceAlarm());
    machine.done(raft(txn(op(delete("x", "")), op(range("a", "")))));
    machine.done(raft(delete("a", "")));
    machine.done(revoke(1));
    machine.done(compact(machine.revision()));
    machine.fails(EtcdError.NO_SPACE, raft(put("b", "1")));
    machine.done(alarm(AlarmAction.DEACTIVATE, 9, AlarmType.NOSPACE_VALUE));
    machine.put("b", "1");
  }

  @Test
  void withCorruptEverythingIsRefusedButAlarmsAndCheckpoints() {
    machine.done(grant(1, 60));
    activate(9, AlarmType.CORRUPT_VALUE);
    machine.fails(EtcdError.CORRUPT, raft(put("b", "1")));
    machine.fails(EtcdError.CORRUPT, raft(delete("b", "")));
    machine.fails(EtcdError.CORRUPT, raft(txn()));
    machine.fails(EtcdError.CORRUPT, compact(1));
    machine.fails(EtcdError.CORRUPT, grant(2, 60));
    machine.fails(EtcdError.CORRUPT, revoke(1));
    assertEquals(1, get(0).size());
  }

  @Test
  void anAlarmOfNoTypeIsNoAlarmAndUnknownTypesAreKept() {
    assertEquals(List.of(), activate(1, 0));
    assertEquals(1, activate(1, 17).size());
    assertEquals(1, get(17).size());
    assertEquals(1, machine.restarted().state.alarms().alarms().size());
  }

  @Test
  void activatingTwiceAnswersTwiceAndKeepsOne() {
    assertEquals(1, activate(1, 1).size());
    assertEquals(1, activate(1, 1).size());
    activate(2, 1);
    activate(1, 2);
    assertEquals(3, get(0).size());
    assertEquals(2, get(1).size());
  }

  @Test
  void deactivatingAnswersWithWhatWasDisarmed() {
    activate(1, 1);
    assertEquals(1, alarms(alarm(AlarmAction.DEACTIVATE, 1, 1)).size());
    assertEquals(0, alarms(alarm(AlarmAction.DEACTIVATE, 1, 1)).size());
    assertEquals(0, alarms(alarm(AlarmAction.DEACTIVATE, 1, 0)).size());
  }

  @Test
  void anUnknownActionIsAnInvalidArgument() {
    InternalRaftRequest request =
        InternalRaftRequest.newBuilder()
            .setAlarm(AlarmRequest.newBuilder().setActionValue(9))
            .build();
    assertEquals(Status.Code.INVALID_ARGUMENT, machine.apply(request).error().code());
  }

  private List<AlarmMember> activate(long member, int type) {
    return alarms(alarm(AlarmAction.ACTIVATE, member, type));
  }

  private List<AlarmMember> get(int type) {
    return alarms(alarm(AlarmAction.GET, 0, type));
  }

  private List<AlarmMember> alarms(InternalRaftRequest request) {
    return ((AlarmResponse) machine.done(request)).getAlarmsList();
  }

  private static InternalRaftRequest alarm(AlarmAction action, long member, int type) {
    return InternalRaftRequest.newBuilder()
        .setAlarm(
            AlarmRequest.newBuilder().setAction(action).setMemberID(member).setAlarmValue(type))
        .build();
  }
}
