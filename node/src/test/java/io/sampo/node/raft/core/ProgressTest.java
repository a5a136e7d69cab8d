package io.sampo.node.raft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How followers are fed, and how reads are confirmed. */
class ProgressTest {

  @Test
  void aProbeSendsOneAppendAndWaits() {
    Progress progress = new Progress(5, 3);
    progress.sentAppend(0, 0);
    assertFalse(progress.isPaused());
    progress.sentAppend(2, 0);
    assertTrue(progress.isPaused());
    assertEquals(5, progress.next());
    progress.resume();
    assertFalse(progress.isPaused());
  }

  @Test
  void replicationRunsAheadUntilTheWindowIsFull() {
    Progress progress = new Progress(1, 2);
    progress.becomeReplicate();
    progress.sentAppend(3, 0);
    progress.sentAppend(2, 0);
    assertEquals(6, progress.next());
    assertTrue(progress.windowIsFull());
    assertTrue(progress.isPaused());
    assertTrue(progress.matched(3));
    assertFalse(progress.windowIsFull());
    assertFalse(progress.isPaused());
    assertFalse(progress.matched(2));
    assertEquals(3, progress.match());
  }

  @Test
  void staleRejectionsAreIgnored() {
    Progress probe = new Progress(10, 2);
    assertFalse(probe.rejected(5, 3));
    assertTrue(probe.rejected(9, 3));
    assertEquals(4, probe.next());

    Progress replicate = new Progress(1, 2);
    replicate.matched(5);
    replicate.becomeReplicate();
    replicate.sentAppend(4, 0);
    assertFalse(replicate.rejected(5, 2));
    assertTrue(replicate.rejected(7, 2));
    assertEquals(6, replicate.next());
  }

  @Test
  void aSnapshotStopsEverythingUntilItIsReported() {
    Progress progress = new Progress(3, 2);
    progress.becomeSnapshot(20);
    progress.resume();
    assertTrue(progress.isPaused());
    progress.snapshotReported(true);
    assertEquals(Progress.State.PROBE, progress.state());
    assertEquals(21, progress.next());
    assertTrue(progress.isPaused());

    Progress failed = new Progress(3, 2);
    failed.becomeSnapshot(20);
    failed.snapshotReported(false);
    assertEquals(1, failed.next());
  }

  @Test
  void anEchoConfirmsEveryReadBeforeIt() {
    Quorum quorum = new Membership(List.of(1L, 2L, 3L), List.of()).quorum();
    ReadIndexQueue<String> queue = new ReadIndexQueue<>(3);
    assertTrue(queue.add("a", 10));
    byte[] first = queue.heartbeatContext();
    assertTrue(queue.add("b", 11));
    byte[] second = queue.heartbeatContext();
    assertTrue(queue.add("c", 12));
    assertFalse(queue.add("d", 12));
    assertEquals(
        List.of(new ReadIndexQueue.Confirmed<>("a", 10)), queue.acknowledge(2, first, 1, quorum));
    assertEquals(List.of(), queue.acknowledge(3, first, 1, quorum));
    assertEquals(
        List.of(new ReadIndexQueue.Confirmed<>("b", 11)), queue.acknowledge(3, second, 1, quorum));
    assertEquals(List.of("c"), queue.drain());
  }

  @Test
  void proposalsAreBoundedByCountAndBytes() {
    ProposalBudget budget = new ProposalBudget(3, 100);
    assertTrue(budget.take(1_000));
    assertFalse(budget.take(1));
    assertTrue(budget.take(0));
    budget.release(
        List.of(
            Entries.entry(1, 1).toBuilder()
                .setData(com.google.protobuf.ByteString.copyFrom(new byte[1_000]))
                .build()));
    assertTrue(budget.take(50));
    assertFalse(budget.take(51));
  }
}
