package io.sampo.node.boot.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Threads that wake each other only when there is work for more of them.
 *
 * <p>A request passes through a chain of actors, and each hands on what the next one does. A
 * fork-join pool wakes an idle thread for every task that is handed on, although the thread that
 * does so is about to be free: with one client most of a node's processor time goes into that. Here
 * a task waits for a thread that is awake while there are fewer tasks than {@value #BACKLOG} for
 * each of them. One idle thread looks after the queue every {@value #STANDBY_MILLIS} ms, so that a
 * long task delays what waits behind it by no more than that.
 *
 * <p>Tasks are begun in the order in which they came.
 */
final class LazyWakePool extends AbstractExecutorService {
  /** So many waiting tasks for each thread that is awake wake another one. */
  private static final int BACKLOG = Integer.getInteger("sampo.backlog", 2);

  private static final int STANDBY_MILLIS = 10;

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Tasks in the queue; for a moment one that is just being added or taken may be missing. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final AtomicInteger awake;
  private final List<Worker> workers;
  private final CountDownLatch running;
  private volatile boolean shutdown;
  private volatile boolean abandoned;

  /**
   * @param size number of threads, at least 1
   */
  LazyWakePool(int size, ThreadFactory threads) {
    awake = new AtomicInteger(size);
    running = new CountDownLatch(size);
    workers = IntStream.range(0, size).mapToObj(Worker::new).toList();
    workers.forEach(worker -> worker.thread = threads.newThread(worker));
    workers.forEach(worker -> worker.thread.start());
  }

  @Override
  public void execute(Runnable task) {
    if (shutdown) {
      throw new RejectedExecutionException("the pool is shut down");
    }
    tasks.add(task);
    int queued = waiting.incrementAndGet();
    int active = awake.get();
    if (active == 0 || (queued > active * BACKLOG && active < workers.size())) {
      wakeOne();
    }
  }

  private void wakeOne() {
    for (Worker worker : workers) {
      if (worker.claim()) {
        LockSupport.unpark(worker.thread);
        return;
      }
    }
  }

  private final class Worker implements Runnable {
    private final boolean standsBy;
    private final AtomicBoolean idle = new AtomicBoolean();
    private Thread thread;

    Worker(int index) {
      standsBy = index == 1;
    }

    /** Whoever ends a thread's idleness counts it as awake, before it runs. */
    boolean claim() {
      if (idle.get() && idle.compareAndSet(true, false)) {
        awake.incrementAndGet();
        return true;
      }
      return false;
    }

    @Override
    public void run() {
      try {
        while (!abandoned) {
          Runnable task = tasks.poll();
          if (task != null) {
            waiting.decrementAndGet();
            run(task);
          } else if (shutdown) {
            return;
          } else {
            rest();
          }
        }
      } finally {
        running.countDown();
      }
    }

    /**
     * What an actor throws its mailbox handles; what arrives here is for the handler of threads.
     */
    private void run(Runnable task) {
      try {
        task.run();
      } catch (Throwable e) {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }

    /** Returns when there may be something to do. */
    private void rest() {
      idle.set(true);
      awake.decrementAndGet();
      // Who has added a task since it was looked for may have taken this thread for awake.
      while (idle.get()) {
        if (shutdown || !tasks.isEmpty()) {
          claim();
        } else if (standsBy) {
          LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(STANDBY_MILLIS));
        } else {
          LockSupport.park(this);
        }
      }
    }
  }

  @Override
  public void shutdown() {
    shutdown = true;
    workers.forEach(worker -> LockSupport.unpark(worker.thread));
  }

  @Override
  public List<Runnable> shutdownNow() {
    abandoned = true;
    shutdown();
    workers.forEach(worker -> worker.thread.interrupt());
    List<Runnable> never = new ArrayList<>();
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      never.add(task);
    }
    return never;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return running.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return running.await(timeout, unit);
  }
}
