package io.sampo.node.boot.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever is handed in is done, by as many threads as it needs. */
class LazyWakePoolTest {
  private static final long LIMIT_SECONDS = 60;

  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private LazyWakePool pool;

  private void start(int threads) {
    pool =
        new LazyWakePool(
            threads,
            task -> {
              Thread thread = new Thread(task);
              thread.setUncaughtExceptionHandler((where, failure) -> failures.add(failure));
              return thread;
            });
  }

  @AfterEach
  void end() throws InterruptedException {
    pool.shutdownNow();
    assertTrue(pool.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aChainRunsToItsEnd() {
    start(2);
    CountDownLatch end = new CountDownLatch(1);
    pool.execute(new Link(100_000, end));
    await(end);
  }

  /** Hands the rest of the chain on, as actors do. */
  private final class Link implements Runnable {
    private final int more;
    private final CountDownLatch end;

    Link(int more, CountDownLatch end) {
      this.more = more;
      this.end = end;
    }

    @Override
    public void run() {
      if (more == 0) {
        end.countDown();
      } else {
        pool.execute(new Link(more - 1, end));
      }
    }
  }

  @Test
  void nothingIsLostBetweenManyHandsAndManyThreads() {
    start(4);
    int hands = 6;
    int each = 20_000;
    CountDownLatch done = new CountDownLatch(hands * each * 2);
    List<Thread> givers =
        IntStream.range(0, hands)
            .mapToObj(
                hand ->
                    new Thread(
                        () -> {
                          for (int i = 0; i < each; i++) {
                            pool.execute(
                                () -> {
                                  pool.execute(done::countDown);
                                  done.countDown();
                                });
                            if (i % 100 == hand) {
                              Thread.yield(); // lets the workers run dry now and then
                            }
                          }
                        }))
            .toList();
    givers.forEach(Thread::start);
    await(done);
  }

  @Test
  void whatWaitsBehindALongTaskIsTakenByAnotherThread() {
    start(2);
    CountDownLatch behind = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    pool.execute(
        () -> {
          pool.execute(behind::countDown);
          await(behind);
          seen.countDown();
        });
    await(seen);
  }

  @Test
  void allThreadsWorkWhenThereIsEnoughToDo() {
    int threads = 4;
    start(threads);
    CyclicBarrier together = new CyclicBarrier(threads);
    CountDownLatch met = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      pool.execute(
          () -> {
            assertFalse(pool.isTerminated());
            meet(together);
            met.countDown();
          });
    }
    // More than wakes one of those that only look at what waits.
    IntStream.range(0, 100).forEach(i -> pool.execute(() -> {}));
    await(met);
  }

  private static void meet(CyclicBarrier together) {
    try {
      together.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void oneThreadKeepsTheOrder() {
    start(1);
    List<Integer> order = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    IntStream.range(0, 1_000).forEach(i -> pool.execute(() -> order.add(i)));
    pool.execute(done::countDown);
    await(done);
    assertEquals(IntStream.range(0, 1_000).boxed().toList(), order);
  }

  @Test
  void aFailureIsReportedAndEndsNoThread() {
    start(1);
    IllegalStateException failure = new IllegalStateException("on purpose");
    CountDownLatch after = new CountDownLatch(1);
    pool.execute(
        () -> {
          throw failure;
        });
    pool.execute(after::countDown);
    await(after);
    assertEquals(List.of(failure), List.copyOf(failures));
  }

  @Test
  void anEndWaitsForWhatWasHandedIn() throws InterruptedException {
    start(2);
    AtomicInteger done = new AtomicInteger();
    IntStream.range(0, 1_000).forEach(i -> pool.execute(done::incrementAndGet));
    pool.shutdown();
    assertTrue(pool.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS));
    assertEquals(1_000, done.get());
    assertTrue(pool.isTerminated());
    assertThrows(RejectedExecutionException.class, () -> pool.execute(() -> {}));
  }

  @Test
  void anAbruptEndHandsBackWhatWasNotBegun() throws InterruptedException {
    start(1);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Runnable never = () -> {};
    pool.execute(
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        });
    await(begun);
    pool.execute(never);
    assertEquals(List.of(never), pool.shutdownNow());
    await(interrupted);
    assertTrue(pool.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS));
  }
}
