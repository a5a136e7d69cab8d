package io.sampo.node.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerPoolTest {
  private static final int SIZE = 3;
  private static final long PATIENCE_SECONDS = 30;

  private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
  private final WorkerPool pool = newPool();

  private WorkerPool newPool() {
    try {
      return new WorkerPool(SIZE, this::newThread, System::nanoTime, SelectorFields.ofPekko());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Thread newThread(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((where, what) -> uncaught.complete(what));
    threads.add(thread);
    return thread;
  }

  @AfterEach
  void stop() throws InterruptedException {
    pool.shutdown();
    assertTrue(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertFalse(thread.isAlive());
    }
  }

  /** One at a time, so that between two of them everybody may have gone to rest. */
  @Test
  void noTaskFromOutsideIsForgotten() throws InterruptedException {
    Semaphore done = new Semaphore(0);
    for (int i = 0; i < 20_000; i++) {
      pool.execute(done::release);
      assertTrue(done.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS), "task " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"1000, 1, 65", "1, 5000, 1025"})
  void neitherKindOfTaskWaitsForAllOfTheOther(int ofClients, int others, int latest)
      throws Exception {
    List<String> done = new ArrayList<>();
    CountDownLatch asked = new CountDownLatch(1);
    WorkerPool one = new WorkerPool(1, this::newThread, System::nanoTime, SelectorFields.ofPekko());
    one.execute(() -> awaitQuietly(asked));
    for (int i = 0; i < ofClients; i++) {
      one.clients().execute(() -> done.add("client"));
    }
    for (int i = 0; i < others; i++) {
      one.execute(() -> done.add("other"));
    }
    one.shutdown();
    asked.countDown();
    assertTrue(one.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(ofClients + others, done.size());
    int position = done.indexOf(ofClients == 1 ? "client" : "other");
    assertTrue(position < latest, () -> "it was number " + position);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void noTaskOfManyCallersIsForgotten() throws InterruptedException {
    int callers = 4;
    int each = 5_000;
    CountDownLatch left = new CountDownLatch(callers * each * 2);
    for (int caller = 0; caller < callers; caller++) {
      newThread(() -> submit(each, left)).start();
    }
    assertTrue(left.await(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> left.getCount() + " left");
  }

  /** Each task leads to one more from within. */
  private void submit(int count, CountDownLatch left) {
    for (int i = 0; i < count; i++) {
      pool.execute(
          () -> {
            left.countDown();
            pool.execute(left::countDown);
          });
      if (i % 50 == 0) {
        Thread.yield();
      }
    }
  }

  /** Nobody outside asks for the second and the third. */
  @Test
  void tasksThatWaitForEachOtherAllRun() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(SIZE);
    CountDownLatch passed = new CountDownLatch(SIZE);
    pool.execute(
        () -> {
          for (int i = 0; i < SIZE; i++) {
            pool.execute(() -> await(barrier, passed));
          }
        });
    assertTrue(passed.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  private static void await(CyclicBarrier barrier, CountDownLatch passed) {
    try {
      barrier.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      passed.countDown();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTaskFromOutsideDoesNotWaitForOneThatTakesLong() throws InterruptedException {
    Semaphore end = new Semaphore(0);
    CountDownLatch begun = new CountDownLatch(1);
    pool.execute(
        () -> {
          begun.countDown();
          end.acquireUninterruptibly();
        });
    assertTrue(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    Semaphore done = new Semaphore(0);
    for (int i = 0; i < 100; i++) {
      pool.execute(done::release);
      assertTrue(done.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
    end.release();
  }

  @Test
  void whatATaskThrowsIsToldAndTheThreadGoesOn() {
    AtomicInteger after = new AtomicInteger();
    IllegalStateException thrown = new IllegalStateException("on purpose");
    for (int i = 0; i < SIZE * 4; i++) {
      pool.execute(
          () -> {
            throw thrown;
          });
    }
    pool.execute(after::incrementAndGet);
    assertEquals(thrown, uncaught.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
    CompletableFuture<Integer> last = new CompletableFuture<>();
    pool.execute(() -> last.complete(after.get()));
    assertEquals(1, last.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
  }

  /** A flag that stays would let no thread block any more. */
  @Test
  void anInterruptOfATaskEndsWithTheWork() throws InterruptedException {
    CompletableFuture<Thread> worker = new CompletableFuture<>();
    pool.execute(
        () -> {
          Thread.currentThread().interrupt();
          worker.complete(Thread.currentThread());
        });
    Thread thread = worker.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (thread.getState() != Thread.State.WAITING && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(Thread.State.WAITING, thread.getState());
    assertFalse(thread.isInterrupted());
  }

  @Test
  void whatIsQueuedAtTheEndIsDoneAndNothingElse() throws InterruptedException {
    Semaphore end = new Semaphore(0);
    CountDownLatch begun = new CountDownLatch(SIZE);
    for (int i = 0; i < SIZE; i++) {
      pool.execute(
          () -> {
            begun.countDown();
            end.acquireUninterruptibly();
          });
    }
    assertTrue(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    AtomicBoolean fromWithin = new AtomicBoolean();
    pool.execute(() -> pool.execute(() -> fromWithin.set(true)));
    pool.shutdown();
    assertTrue(pool.isShutdown());
    assertFalse(pool.isTerminated());
    assertThrows(RejectedExecutionException.class, () -> pool.execute(() -> {}));
    end.release(SIZE);
    assertTrue(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertTrue(fromWithin.get());
  }
}
