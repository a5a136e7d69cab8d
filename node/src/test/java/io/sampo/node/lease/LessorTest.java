package io.sampo.node.lease;

import static io.sampo.node.lease.LeaseWorld.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.lease.LeaseWorld.Asked;
import io.sampo.protocol.etcdserverpb.LeaseCheckpoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LessorTest {
  private static final KeepAliveOutcome NOT_FOUND = new KeepAliveOutcome.NotFound();
  private static final KeepAliveOutcome NOT_LEADER = new KeepAliveOutcome.NotLeader();

  private LeaseWorld world = new LeaseWorld();

  @AfterEach
  void stop() {
    world.close();
  }

  private void inAWorldOf(boolean checkpoints, int maxInFlight) {
    world.close();
    world = new LeaseWorld(checkpoints, maxInFlight);
  }

  private void leadWith(long id, long ttlSeconds) {
    world.lead(true, 3);
    world.grant(id, ttlSeconds);
  }

  private static KeepAliveOutcome renewed(long seconds) {
    return new KeepAliveOutcome.Renewed(seconds);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }

  @Test
  void aLeaseIsNeverRevokedBeforeItsTime() {
    leadWith(1, 10);
    world.pass(seconds(9.9));
    world.log.expectNoMessage(Duration.ZERO);
    world.pass(seconds(0.2));
    world.expectConfirm();
  }

  @Test
  void aRevokeIsProposedOnlyWhenAQuorumHasConfirmed() {
    leadWith(1, 10);
    world.pass(seconds(10.1));
    Asked.Confirm question = world.expectConfirm();
    world.pass(seconds(1));
    world.log.expectNoMessage(Duration.ZERO);
    world.answer(question, true);
    world.log.expectMessage(new Asked.Revoke(3, 1));
  }

  @Test
  void aQuorumThatDoesNotConfirmIsAskedAgain() {
    leadWith(1, 10);
    world.pass(seconds(10.1));
    world.answer(world.expectConfirm(), false);
    world.pass(seconds(0.1));
    world.answer(world.expectConfirm(), true);
    world.log.expectMessage(new Asked.Revoke(3, 1));
  }

  @Test
  void aProposalThatIsLostIsMadeAgain() {
    leadWith(1, 10);
    world.pass(seconds(10.1));
    world.answer(world.expectConfirm(), true);
    world.log.expectMessage(new Asked.Revoke(3, 1));
    world.pass(LeaseWorld.RETRY.plusMillis(300));
    world.answer(world.expectConfirm(), true);
    world.log.expectMessage(new Asked.Revoke(3, 1));
  }

  @Test
  void keepAliveRenewsForTheWholeGrantedTime() {
    leadWith(1, 10);
    world.pass(seconds(9));
    assertEquals(renewed(10), get(world.leases.keepAlive(1)));
    world.pass(seconds(9.9));
    world.log.expectNoMessage(Duration.ZERO);
    world.pass(seconds(0.2));
    world.expectConfirm();
  }

  @Test
  void aLeaseThatLivesIsRenewedWithoutWaiting() {
    leadWith(1, 10);
    assertEquals(renewed(10), world.leases.keepAlive(1).getNow(null));
  }

  /** A client may know of a change before the lessor does, which then has to be asked. */
  @Test
  void aLeaseThatIsRevokedOrNotedInTheTableIsRenewedByTheLessorOnly() {
    leadWith(1, 10);
    world.leave(1);
    assertEquals(0, world.renewals.renew(1));
    world.inherit(1, 10, 4);
    assertEquals(0, world.renewals.renew(1));
    world.inherit(1, 11, 0);
    assertEquals(0, world.renewals.renew(1), "it is another by now");
    world.inherit(1, 10, 0);
    assertEquals(10, world.renewals.renew(1));
  }

  @Test
  void aLeaseIsRenewedByTheLessorOnlyWhereItDoesNotLead() {
    leadWith(1, 10);
    world.lead(false, 4);
    assertEquals(0, world.renewals.renew(1));
  }

  @Test
  void keepAliveOfAnUnknownLeaseIsNotFound() {
    world.lead(true, 3);
    assertEquals(NOT_FOUND, get(world.leases.keepAlive(1)));
    assertEquals(new TimeToLiveOutcome.NotFound(), get(world.leases.timeToLive(1)));
  }

  @Test
  void renewalOfAnExpiredLeaseWaitsUntilItIsRevokedAndIsThenNotFound() {
    leadWith(1, 10);
    world.pass(seconds(10.1));
    CompletableFuture<KeepAliveOutcome> late = world.leases.keepAlive(1);
    world.answer(world.expectConfirm(), true);
    world.log.expectMessage(new Asked.Revoke(3, 1));
    assertFalse(late.isDone());
    world.revoke(1);
    assertEquals(NOT_FOUND, get(late));
  }

  @Test
  void renewalOfAnExpiredLeaseIsToldWhenLeadershipGoes() {
    leadWith(1, 10);
    world.pass(seconds(10.1));
    CompletableFuture<KeepAliveOutcome> late = world.leases.keepAlive(1);
    world.lead(false, 4);
    assertEquals(NOT_LEADER, get(late));
  }

  @Test
  void aMemberThatDoesNotLeadSaysSoAndRevokesNothing() {
    leadWith(1, 10);
    world.lead(false, 4);
    world.pass(seconds(20));
    world.log.expectNoMessage(Duration.ZERO);
    assertEquals(NOT_LEADER, get(world.leases.keepAlive(1)));
    assertEquals(new TimeToLiveOutcome.NotLeader(), get(world.leases.timeToLive(1)));
    assertEquals(List.of(1L), get(world.leases.list()));
  }

  @Test
  void aConfirmationOfAnEarlierTermIsWorthNothing() {
    leadWith(1, 10);
    world.pass(seconds(10.1));
    Asked.Confirm question = world.expectConfirm();
    world.lead(false, 4);
    world.lead(true, 5);
    world.answer(question, true);
    world.pass(seconds(10));
    world.log.expectNoMessage(Duration.ZERO);
  }

  @Test
  void aNewLeaderExtendsEveryLeaseToItsFullTimeAndAnElection() {
    world.inherit(1, 10, 0);
    world.inherit(2, 20, 4);
    world.pass(seconds(60));
    world.lead(true, 3);
    world.pass(seconds(4.9));
    world.log.expectNoMessage(Duration.ZERO);
    world.pass(seconds(0.3)); // 4 s checkpointed and 1 s of election
    world.answer(world.expectConfirm(), true);
    world.log.expectMessage(new Asked.Revoke(3, 2));
    world.revoke(2);
    world.pass(seconds(5.6));
    world.log.expectNoMessage(Duration.ZERO);
    world.pass(seconds(0.4));
    world.expectConfirm();
  }

  @Test
  void timeToLiveIsWhatIsLeftInWholeSeconds() {
    leadWith(1, 10);
    world.pass(seconds(2.5));
    assertEquals(new TimeToLiveOutcome.Alive(7, 10), get(world.leases.timeToLive(1)));
  }

  @Test
  void aClientDoesNotSeeWhatANewLeaderAdds() {
    world.inherit(1, 10, 0);
    world.lead(true, 3);
    assertEquals(new TimeToLiveOutcome.Alive(10, 10), get(world.leases.timeToLive(1)));
    world.pass(seconds(0.9)); // of the 11 that it will live
    assertEquals(new TimeToLiveOutcome.Alive(10, 10), get(world.leases.timeToLive(1)));
    world.pass(seconds(0.2));
    assertEquals(new TimeToLiveOutcome.Alive(9, 10), get(world.leases.timeToLive(1)));
  }

  @Test
  void leasesAreListedByRemainingTime() {
    leadWith(1, 30);
    world.grant(2, 10);
    world.grant(3, 20);
    assertEquals(List.of(2L, 3L, 1L), get(world.leases.list()));
    world.pass(seconds(5));
    assertEquals(renewed(10), get(world.leases.keepAlive(2)));
    assertEquals(renewed(20), get(world.leases.keepAlive(3)));
    assertEquals(List.of(2L, 3L, 1L), get(world.leases.list()));
    world.revoke(3);
    assertEquals(List.of(2L, 1L), get(world.leases.list()));
  }

  @Test
  void aLeaseRevokedByItsClientIsNotRevokedAgain() {
    leadWith(1, 10);
    world.revoke(1);
    world.pass(seconds(11));
    world.log.expectNoMessage(Duration.ZERO);
  }

  @Test
  void anIdThatIsGrantedAnewStartsAnew() {
    leadWith(1, 10);
    world.revoke(1);
    world.pass(seconds(5));
    world.grant(1, 10);
    world.pass(seconds(9.8));
    world.log.expectNoMessage(Duration.ZERO);
    world.pass(seconds(0.4));
    world.expectConfirm();
  }

  @Test
  void manyThatExpireTogetherAreRevokedInBoundedPortions() {
    inAWorldOf(false, 4);
    world.lead(true, 3);
    LongStream.rangeClosed(1, 6).forEach(id -> world.grant(id, 10));
    world.pass(seconds(10.1));
    world.answer(world.expectConfirm(), true);
    List<Asked> first = world.log.receiveSeveralMessages(4);
    world.pass(seconds(1));
    world.log.expectNoMessage(Duration.ZERO);
    first.forEach(revoke -> world.revoke(((Asked.Revoke) revoke).id()));
    world.answer(world.expectConfirm(), true);
    assertEquals(2, world.log.receiveSeveralMessages(2).size());
  }

  @Test
  void whatIsLeftIsCheckpointedOnlyIfTheGateIsOn() {
    leadWith(1, 1000);
    world.pass(Duration.ofSeconds(301));
    world.log.expectNoMessage(Duration.ZERO);

    inAWorldOf(true, 16);
    leadWith(1, 1000);
    world.grant(2, 10_000);
    world.pass(Duration.ofSeconds(301));
    world.pass(seconds(0.1)); // the sessions' answers are proposed with the next tick
    Asked.Checkpoint asked = world.log.expectMessageClass(Asked.Checkpoint.class);
    assertTrue(asked.checkpoints().contains(checkpoint(1, 699)), asked.toString());
    assertEquals(2, asked.checkpoints().size());
  }

  @Test
  void aRenewalIsPromisedOnlyWhenTheCheckpointIsCleared() {
    world.inherit(1, 100, 40);
    world.lead(true, 3);
    CompletableFuture<KeepAliveOutcome> renewal = world.leases.keepAlive(1);
    assertEquals(
        List.of(checkpoint(1, 0)),
        world.log.expectMessageClass(Asked.Checkpoint.class).checkpoints());
    assertFalse(renewal.isDone());
    world.checkpoint(1, 0);
    assertEquals(renewed(100), get(renewal));
    assertEquals(new TimeToLiveOutcome.Alive(100, 100), get(world.leases.timeToLive(1)));
  }

  private static LeaseCheckpoint checkpoint(long id, long remaining) {
    return LeaseCheckpoint.newBuilder().setID(id).setRemainingTTL(remaining).build();
  }

  /** Found by the simulator, seed 227: such a leader's successor knew nothing of the renewal. */
  @Test
  void aLeaderThatStoodStillRenewsOnlyWhenAQuorumHasConfirmedIt() {
    try (LeaseWorld stopped = new LeaseWorld(seconds(1))) {
      stopped.lead(true, 2);
      stopped.grant(1, 10);
      stopped.standStill(seconds(3));
      CompletableFuture<KeepAliveOutcome> renewal = stopped.leases.keepAlive(1);
      LeaseWorld.Asked.Confirm question = stopped.expectConfirm();
      assertFalse(renewal.isDone());
      stopped.answer(question, true);
      assertEquals(renewed(10), get(renewal));
      assertEquals(renewed(10), get(stopped.leases.keepAlive(1)));
    }
  }

  @Test
  void aLeaderThatStoodStillAndIsDeposedRenewsNothing() {
    try (LeaseWorld stopped = new LeaseWorld(seconds(1))) {
      stopped.lead(true, 2);
      stopped.grant(1, 10);
      stopped.standStill(seconds(3));
      CompletableFuture<KeepAliveOutcome> renewal = stopped.leases.keepAlive(1);
      stopped.expectConfirm();
      stopped.lead(false, 3);
      assertEquals(NOT_LEADER, get(renewal));
    }
  }

  /** Found by etcd's TestLeaseRevoke_ClientSwitchToOtherMember: a disk held Raft's thread up. */
  @Test
  void whereRaftStandsStillNothingIsRenewedAndTheClientIsToldInTime() {
    world.lead(true, 2);
    world.grant(1, 20);
    world.raftIsActive(false);
    CompletableFuture<KeepAliveOutcome> renewal = world.leases.keepAlive(1);
    world.expectConfirm();
    world.pass(LeaseWorld.RETRY.minusMillis(1));
    assertFalse(renewal.isDone());
    world.pass(Duration.ofMillis(1));
    assertEquals(new KeepAliveOutcome.Unconfirmed(), get(renewal));
  }

  @Test
  void whenRaftGoesOnAQuorumConfirmsOnceAndRenewalsNeedNoActorAgain() {
    world.lead(true, 2);
    world.grant(1, 20);
    world.raftIsActive(false);
    CompletableFuture<KeepAliveOutcome> renewal = world.leases.keepAlive(1);
    Asked.Confirm question = world.expectConfirm();
    world.raftIsActive(true);
    assertEquals(0, world.renewals.renew(1));
    world.answer(question, true);
    assertEquals(renewed(20), get(renewal));
    assertEquals(20, world.renewals.renew(1));
  }
}
