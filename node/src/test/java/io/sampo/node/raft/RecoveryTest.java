package io.sampo.node.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.raft.core.Invariants.InvariantViolation;
import io.sampo.persistence.log.HardState;
import io.sampo.persistence.log.LogState;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a member goes on from, by what of its log and its snapshot was durable. */
class RecoveryTest {
  private static final long SELF = 5;
  private static final ConfState MEMBERS = ConfState.newBuilder().addVoters(SELF).build();

  private static Recovery recovery(LogState log, long snapshotIndex, long snapshotTerm) {
    return Recovery.of(
        RaftSettings.of(SELF, List.of())
            .withRestored(new RaftSettings.Restored(snapshotIndex, snapshotTerm, MEMBERS)),
        log);
  }

  private static Entry entry(long index, long term) {
    return Entry.newBuilder().setIndex(index).setTerm(term).build();
  }

  @Test
  void aVoteOfItsOwnTermIsKept() {
    HardState voted = new HardState(3, 9);
    Recovery recovery = recovery(new LogState(voted, 155, 3, MEMBERS, List.of()), 155, 3);
    assertEquals(voted, recovery.hardState());
    assertFalse(recovery.raisesTerm());
    assertFalse(recovery.replacesLog());
  }

  /** Found by the simulator, seed 10571: the second start after that ended the member. */
  @Test
  void aSnapshotThatWasDurableBeforeItsTermRaisesIt() {
    HardState behind = new HardState(2, 9);
    Recovery first =
        recovery(new LogState(behind, 0, 0, MEMBERS, List.of(entry(1, 1), entry(2, 2))), 155, 3);
    assertEquals(new HardState(3, 0), first.hardState());
    assertTrue(first.raisesTerm());
    assertTrue(first.replacesLog());
    Recovery second = recovery(new LogState(behind, 155, 3, MEMBERS, List.of()), 155, 3);
    assertEquals(new HardState(3, 0), second.hardState());
    assertTrue(second.raisesTerm());
  }

  @Test
  void entriesOfALaterTermThanTheLogHeardOfAreDamage() {
    LogState damaged =
        new LogState(new HardState(2, 9), 0, 0, MEMBERS, List.of(entry(1, 1), entry(2, 3)));
    assertThrows(InvariantViolation.class, () -> recovery(damaged, 1, 1));
  }

  /** It votes before the snapshot's place is durable; nothing is written behind that. */
  @Test
  void theOnlyVoterHearsItsOwnVote() {
    TestMember member = new TestMember(RaftSettings.of(SELF, List.of()), 1);
    member.disk.hardState = new HardState(2, 9);
    member.startWith(new RaftSettings.Restored(155, 3, MEMBERS));
    while (member.runMailbox()) {
      assertFalse(member.status.isLeader(), "nothing is durable yet");
    }
    while (member.hasWork()) {
      if (!member.runMailbox()) {
        member.write();
      }
    }
    assertTrue(member.status.isLeader());
    assertEquals(4, member.status.term());
    assertEquals(List.of(), member.takeSent());
  }
}
