package io.sampo.node.lease;

import static io.sampo.node.lease.LeaseWorld.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sampo.node.lease.LeaseWorld.Asked;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lease whose session actor fails lives neither longer nor shorter for it. */
class FailedSessionTest {
  private static final KeepAliveOutcome RENEWED = new KeepAliveOutcome.Renewed(10);

  private final LeaseWorld world = new LeaseWorld();

  @BeforeEach
  void leadWithOneLease() {
    world.lead(true, 3);
    world.grant(1, 10);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void expectRevoke() {
    world.answer(world.expectConfirm(), true);
    world.log.expectMessage(new Asked.Revoke(3, 1));
    world.log.expectNoMessage(Duration.ZERO);
  }

  @Test
  void itsLeaseIsRevokedAtItsDeadline() {
    world.pass(Duration.ofSeconds(5));
    world.failSession(1);
    world.pass(Duration.ofMillis(4_900));
    world.log.expectNoMessage(Duration.ZERO);
    world.pass(Duration.ofMillis(200));
    expectRevoke();
  }

  @Test
  void itsLeaseIsRenewedAndListedAsBefore() {
    world.failSession(1);
    assertEquals(RENEWED, get(world.leases.keepAlive(1)));
    assertEquals(List.of(1L), get(world.leases.list()));
    world.failSession(1);
    assertEquals(
        new TimeToLiveOutcome.Alive(10, 10), get(world.leases.timeToLive(1)), "again and again");
  }

  /** A session may fail each time it is asked whether its time is over. */
  @Test
  void aLeaseWhoseDeadlineHasComeIsRevokedWithoutAskingAgain() {
    world.standStill(Duration.ofSeconds(11));
    world.failSession(1);
    expectRevoke();
    world.pass(Duration.ofSeconds(1));
    world.log.expectNoMessage(Duration.ZERO);
  }

  @Test
  void anExpiredLeaseStaysExpiredAndIsRevokedOnce() {
    world.pass(Duration.ofSeconds(11));
    var question = world.expectConfirm();
    CompletableFuture<KeepAliveOutcome> before = world.leases.keepAlive(1);
    world.failSession(1);
    CompletableFuture<KeepAliveOutcome> after = world.leases.keepAlive(1);
    world.answer(question, true);
    world.log.expectMessage(new Asked.Revoke(3, 1));
    world.pass(Duration.ofSeconds(1));
    world.log.expectNoMessage(Duration.ZERO);
    assertFalse(before.isDone());
    assertFalse(after.isDone());
    world.revoke(1);
    assertEquals(new KeepAliveOutcome.NotFound(), get(before));
    assertEquals(new KeepAliveOutcome.NotFound(), get(after));
  }
}
