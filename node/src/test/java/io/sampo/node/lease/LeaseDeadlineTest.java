package io.sampo.node.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A renewal and the end of a lease that meet, in every order: one sees the other. */
class LeaseDeadlineTest {
  private static final long TTL_SECONDS = 10;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private long nowMillis;

  /** What happens elsewhere, once, when the clock is read next. */
  private Runnable meanwhile = () -> {};

  private final LeaseDeadline deadline =
      new LeaseDeadline(new LeaseClock(this::nanos), TTL_SECONDS, 10_000);

  private long nanos() {
    Runnable once = meanwhile;
    meanwhile = () -> {};
    once.run();
    return nowMillis * NANOS_PER_MILLI;
  }

  @Test
  void aRenewalBeforeItGivesTheWholeTime() {
    nowMillis = 9_999;
    assertTrue(deadline.renew());
    assertEquals(19_999, deadline.millis());
  }

  @Test
  void aRenewalAtItDoesNothing() {
    nowMillis = 10_000;
    assertFalse(deadline.renew());
    assertEquals(10_000, deadline.millis());
    assertTrue(deadline.isReached());
  }

  @Test
  void nobodyRenewsWhatIsClosedUntilItIsOpen() {
    deadline.close();
    deadline.close();
    assertFalse(deadline.renew());
    assertEquals(10_000, deadline.millis());
    deadline.open();
    assertTrue(deadline.renew());
  }

  @Test
  void itIsClosedOnlyWhenReached() {
    nowMillis = 9_999;
    assertFalse(deadline.closeIfReached());
    nowMillis = 10_000;
    assertTrue(deadline.closeIfReached());
    nowMillis = 9_000;
    assertFalse(deadline.renew(), "closed for good");
  }

  @Test
  void aRenewalThatMeetsTheEndIsNone() {
    nowMillis = 9_999;
    meanwhile =
        () -> {
          nowMillis = 10_000;
          assertTrue(deadline.closeIfReached());
          nowMillis = 9_999;
        };
    assertFalse(deadline.renew());
  }

  @Test
  void anEndThatMeetsARenewalIsNone() {
    nowMillis = 9_999;
    meanwhile =
        () -> {
          assertTrue(deadline.renew());
          nowMillis = 10_000;
        };
    assertFalse(deadline.closeIfReached());
    assertEquals(19_999, deadline.millis());
  }

  /** One that read the clock before it has to read it again. */
  @Test
  void aRenewalNeverTakesFromALaterOne() {
    nowMillis = 1_000;
    meanwhile =
        () -> {
          nowMillis = 2_000;
          assertTrue(deadline.renew());
        };
    assertTrue(deadline.renew());
    assertEquals(12_000, deadline.millis());
  }

  @Test
  void whatIsOpenedAgainKeepsARenewal() {
    nowMillis = 1_000;
    assertTrue(deadline.renew());
    deadline.open();
    assertEquals(11_000, deadline.millis());
  }
}
