package io.sampo.node.state;

import static io.sampo.node.state.Requests.compact;
import static io.sampo.node.state.Requests.delete;
import static io.sampo.node.state.Requests.put;
import static io.sampo.node.state.Requests.raft;
import static io.sampo.node.state.Requests.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import org.junit.jupiter.api.Test;

/** The rules of puts, deletes and compactions. */
class PutDeleteCompactTest {
  private final Machine machine = new Machine();

  @Test
  void ignoreValueAndIgnoreLeaseTakeThemFromTheKeyThatHasToExist() {
    machine.fails(EtcdError.KEY_NOT_FOUND, raft(put("a", "").setIgnoreValue(true)));
    machine.fails(EtcdError.KEY_NOT_FOUND, raft(put("a", "1").setIgnoreLease(true)));
    machine.done(Requests.grant(7, 60));
    machine.put(put("a", "1").setLease(7));
    machine.put(put("a", "2").setIgnoreLease(true));
    machine.put(put("a", "").setIgnoreValue(true));
    assertEquals("2", machine.range(range("a", "")).getKvs(0).getValue().toStringUtf8());
    assertEquals(0, machine.range(range("a", "")).getKvs(0).getLease());
  }

  @Test
  void aPutAnswersWithWhatWasThere() {
    PutResponse first = (PutResponse) machine.done(raft(put("a", "1").setPrevKv(true)));
    assertFalse(first.hasPrevKv());
    PutResponse second = (PutResponse) machine.done(raft(put("a", "2").setPrevKv(true)));
    assertEquals("1", second.getPrevKv().getValue().toStringUtf8());
    assertEquals(3, second.getHeader().getRevision());
  }

  @Test
  void deletingARangeCountsAndShowsWhatWasThere() {
    machine.put("a", "1");
    machine.put("b", "2");
    machine.put("c", "3");
    DeleteRangeResponse response =
        (DeleteRangeResponse) machine.done(raft(delete("a", "c").setPrevKv(true)));
    assertEquals(2, response.getDeleted());
    assertEquals("2", response.getPrevKvs(1).getValue().toStringUtf8());
    assertEquals(5, response.getHeader().getRevision());
  }

  @Test
  void deletingNothingLeavesTheRevision() {
    machine.put("a", "1");
    DeleteRangeResponse response = (DeleteRangeResponse) machine.done(raft(delete("b", "")));
    assertEquals(0, response.getDeleted());
    assertEquals(2, response.getHeader().getRevision());
    assertTrue(machine.apply(raft(delete("b", "\0"))).batch().isEmpty());
  }

  @Test
  void compactingAtZeroSucceedsOnceAndThenIsCompacted() {
    machine.done(compact(0));
    machine.fails(EtcdError.COMPACTED, compact(0));
    machine.fails(EtcdError.FUTURE_REVISION, compact(2));
    machine.done(compact(1));
    machine.fails(EtcdError.COMPACTED, compact(1));
  }

  @Test
  void aCompactionKeepsTheNewestVersionsAndATombstoneExactlyAtItsRevision() {
    machine.put("a", "1");
    machine.put("a", "2");
    machine.put("b", "1");
    machine.delete("b");
    ApplyResult result = machine.apply(compact(5));
    assertNotNull(result.compaction());
    assertTrue(result.compaction().hashable());
    while (machine.state.compactStep()) {}
    assertEquals(1, machine.state.view().history().size());
    assertTrue(machine.state.view().history().at(0).isTombstone());
    assertEquals("2", machine.range(range("a", "")).getKvs(0).getValue().toStringUtf8());
    machine.put("c", "1");
    machine.done(compact(6));
    while (machine.state.compactStep()) {}
    assertEquals(2, machine.contents().get("key").size());
  }

  @Test
  void aCompactionGivesItsBytesBackAndThenTheSizeIsThatOfANewStore() {
    for (int i = 0; i < 50; i++) {
      machine.put("a", "value " + i);
    }
    long full = machine.state.sizeBytes();
    machine.done(compact(machine.revision()));
    while (machine.state.compactStep()) {}
    assertTrue(machine.state.sizeBytes() < full / 1.1);
    assertEquals(machine.state.sizeBytes(), machine.restarted().state.sizeBytes());
  }

  @Test
  void anOldEntryIsSkippedAndAGapIsRefused() {
    machine.put("a", "1");
    ApplyResult again = machine.state.apply(raft(put("a", "2")), 1, 1);
    assertFalse(again.applied());
    assertEquals(2, machine.revision());
    assertThrows(IllegalStateException.class, () -> machine.state.apply(raft(put("a", "2")), 3, 1));
  }

  @Test
  void oneEntrysChangesAreOneBatch() {
    machine.put("a", "1");
    ApplyResult result = machine.apply(raft(delete("a", "")));
    KeyVersion tombstone = result.batch().orElseThrow().versions().get(0);
    assertEquals(3, result.batch().orElseThrow().revision());
    assertTrue(tombstone.isTombstone());
  }

  @Test
  void requestsThatThisVersionDoesNotKnowAreAnsweredAndChangeNothing() {
    // As an entry of a later version looks to this one.
    var request = InternalRaftRequest.getDefaultInstance();
    assertEquals(Status.Code.UNIMPLEMENTED, machine.apply(request).error().code());
    assertEquals(1, machine.state.appliedIndex());
    assertEquals(1, machine.revision());
  }
}
