package io.sampo.node.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;

/** Room for answers is bounded for one connection and for all, and comes back in order. */
class AnswerMemoryTest {
  private static final int LARGE = 100_000;

  private final List<String> gone = new ArrayList<>();
  private long now = 1;
  private final AnswerMemory memory = new AnswerMemory(4 * LARGE, 2 * LARGE, () -> now);

  private AnswerMemory.Share share(String name) {
    return memory.share(() -> gone.add(name));
  }

  @Test
  void oneConnectionHasItsPartAndTheRestWaitsInOrder() {
    AnswerMemory.Share share = share("a");
    AnswerRoom first = new AnswerRoom(share);
    AnswerRoom second = new AnswerRoom(share);
    assertTrue(first.take(LARGE).isDone());
    assertTrue(second.take(LARGE).isDone());
    CompletableFuture<Done> third = new AnswerRoom(share).take(LARGE);
    CompletableFuture<Done> fourth = new AnswerRoom(share).take(LARGE);
    assertFalse(third.isDone());
    first.close();
    assertTrue(third.isDone());
    assertFalse(fourth.isDone());
    second.left(LARGE);
    assertTrue(fourth.isDone());
  }

  @Test
  void allTogetherHaveTheirsAndOthersGetWhatIsGivenBack() {
    AnswerRoom held = new AnswerRoom(share("a"));
    assertTrue(held.take(2 * LARGE).isDone());
    assertTrue(new AnswerRoom(share("b")).take(2 * LARGE).isDone());
    CompletableFuture<Done> starved = new AnswerRoom(share("c")).take(LARGE);
    assertFalse(starved.isDone());
    held.left(LARGE);
    assertTrue(starved.isDone());
  }

  @Test
  void whatIsSmallNeedsNoRoomAndWhatIsLargerThanAllComesAlone() {
    AnswerMemory.Share share = share("a");
    AnswerRoom huge = new AnswerRoom(share);
    assertTrue(huge.take(9 * LARGE).isDone());
    assertTrue(new AnswerRoom(share).take(AnswerMemory.SMALL_BYTES).isDone());
    CompletableFuture<Done> next = new AnswerRoom(share).take(9 * LARGE);
    assertFalse(next.isDone());
    huge.close();
    assertTrue(next.isDone());
  }

  @Test
  void nothingBeginsForWhoLeavesTooMuchAndEverythingForOthers() {
    AnswerMemory.Share rude = share("rude");
    AnswerMemory.Share good = share("good");
    assertTrue(rude.mayBegin(0));
    rude.add(2 * LARGE);
    assertFalse(rude.mayBegin(0));
    share("other").add(2 * LARGE);
    assertTrue(good.mayBegin(0));
    good.add(1);
    assertFalse(good.mayBegin(0));
    rude.give(2 * LARGE);
    assertTrue(rude.mayBegin(0));
    assertTrue(good.mayBegin(0));
  }

  @Test
  void aCallThatEndsGivesBackWhatItWasGrantedAndWaitsNoMore() {
    AnswerMemory.Share share = share("a");
    AnswerRoom first = new AnswerRoom(share);
    assertTrue(first.take(2 * LARGE).isDone());
    AnswerRoom left = new AnswerRoom(share);
    CompletableFuture<Done> never = left.take(LARGE);
    CompletableFuture<Done> next = new AnswerRoom(share).take(2 * LARGE);
    left.close();
    first.close();
    assertFalse(never.isDone());
    assertTrue(next.isDone());
  }

  @Test
  void whoReadsNothingGoesWhenOthersHaveNoRoomAndNotBefore() {
    AnswerMemory.Share rude = share("rude");
    rude.add(4 * LARGE);
    AnswerRoom waits = new AnswerRoom(share("waits"));
    assertFalse(waits.take(LARGE).isDone());
    memory.look();
    assertEquals(List.of(), gone);
    now += AnswerMemory.STALLED_NANOS;
    memory.look();
    assertEquals(List.of("rude"), gone);
  }

  @Test
  void whoReadsSlowlyStays() {
    AnswerMemory.Share slow = share("slow");
    slow.add(4 * LARGE);
    now += AnswerMemory.STALLED_NANOS;
    slow.give(1);
    slow.add(1);
    memory.look();
    assertEquals(List.of(), gone);
  }

  @Test
  void whoReadsNothingStaysWhileThereIsRoom() {
    share("idle").add(2 * LARGE);
    now += 10 * AnswerMemory.STALLED_NANOS;
    memory.look();
    assertEquals(List.of(), gone);
  }
}
