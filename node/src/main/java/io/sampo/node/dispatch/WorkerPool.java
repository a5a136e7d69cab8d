package io.sampo.node.dispatch;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Threads that run tasks in the order they came, those of clients ({@link #clients}) apart from the
 * others, so that a thousand clients do not hold up Raft for longer than a few tasks; and wait for
 * the network when there are none. Of those that have nothing to do one takes the turn of Pekko's
 * selector ({@link SelectorAccess}) and blocks in it, the others park. So what arrives is handled
 * by the thread that was woken by it, and what that leads to as well. A second thread is woken only
 *
 * <ul>
 *   <li>when the tasks have not run out for {@link #HELP_NANOS},
 *   <li>for a task from outside, when those who work have not looked up for as long, or
 *   <li>when nobody has looked at the network for {@link #WATCH_NANOS}, because a task takes long.
 * </ul>
 *
 * <p>A task that throws is told to its thread's handler; the thread goes on.
 */
public final class WorkerPool extends AbstractExecutorService {
  /** For so long a worker has more to do before it asks for help. */
  static final long HELP_NANOS = 400_000L;

  /** How often it is seen whether a long task keeps everybody from the network. */
  static final long WATCH_NANOS = 10_000_000L;

  private static final int TASKS_BETWEEN_LOOKS_AT_THE_CLOCK = 4;
  private static final int TASKS_BETWEEN_LOOKS_AT_THE_NETWORK = 64;

  /**
   * So many tasks of clients are run before one looks at the others. With 1, Raft would take each
   * proposal by itself; what a thousand clients propose together is cheaper.
   */
  static final int CLIENT_TASKS_IN_A_ROW = 64;

  /** So many others, before one looks at those of clients. */
  static final int OTHER_TASKS_IN_A_ROW = 1_024;

  private static final ThreadLocal<WorkerPool> MINE = new ThreadLocal<>();

  private final LongSupplier nanoTime;
  private final SelectorFields fields;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Runnable> clientTasks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedDeque<Worker> parked = new ConcurrentLinkedDeque<>();

  /** Workers that will look at the tasks once more before they rest. */
  private final AtomicInteger active = new AtomicInteger();

  /** Somebody has been woken and is not yet active. */
  private final AtomicBoolean waking = new AtomicBoolean();

  /** The turn of the selector, while nobody has taken it. */
  private final AtomicReference<Runnable> turn = new AtomicReference<>();

  /** Who is, or is about to be, blocked in the selector. */
  private final AtomicReference<Worker> poller = new AtomicReference<>();

  private final CountDownLatch ended;
  private final Thread watch;
  private volatile SelectorAccess selector;

  /** How often somebody has looked at the network. A lost count does no harm. */
  private volatile long polls;

  /** When a worker last looked at the clock. */
  private volatile long lookedAt;

  private volatile boolean stopped;

  /**
   * @param size how many workers, at least 1. One alone is held up by every long task
   * @param threads makes the workers and one more thread, which only watches
   * @param fields where the selector is found that will take its turns here
   */
  public WorkerPool(int size, ThreadFactory threads, LongSupplier nanoTime, SelectorFields fields) {
    this.nanoTime = nanoTime;
    this.fields = fields;
    this.ended = new CountDownLatch(size);
    this.lookedAt = nanoTime.getAsLong();
    this.active.set(size);
    for (int i = 0; i < size; i++) {
      Worker worker = new Worker();
      worker.thread = threads.newThread(worker);
      worker.thread.start();
    }
    watch = threads.newThread(this::watch);
    watch.start();
  }

  @Override
  public void execute(Runnable task) {
    if (SelectorAccess.isTurn(task)) {
      offer(task);
      wakeIfNeeded(MINE.get() == this);
    } else {
      add(tasks, task);
    }
  }

  private void add(Queue<Runnable> queue, Runnable task) {
    boolean mine = MINE.get() == this;
    if (stopped && !mine) {
      throw new RejectedExecutionException("the pool is shut down");
    }
    queue.add(task);
    wakeIfNeeded(mine);
  }

  private void wakeIfNeeded(boolean mine) {
    if (!mine && !isAttended() && waking.compareAndSet(false, true) && !wake()) {
      waking.set(false);
    }
  }

  /** These threads for somebody who must not end them. */
  public ExecutorService guest() {
    return new GuestExecutor(this::execute);
  }

  /** The same for the tasks of clients. */
  public ExecutorService clients() {
    return new GuestExecutor(task -> add(clientTasks, task));
  }

  private boolean hasTasks() {
    return !tasks.isEmpty() || !clientTasks.isEmpty();
  }

  /** Whether somebody will soon see a task that has just been added. */
  private boolean isAttended() {
    return active.get() > 0 && nanoTime.getAsLong() - lookedAt < HELP_NANOS;
  }

  private void offer(Runnable task) {
    if (selector == null) {
      selector = SelectorAccess.of(task, fields);
    }
    if (!turn.compareAndSet(null, task)) {
      throw new RejectedExecutionException("the pool has the turn of a selector already");
    }
  }

  /** Wakes the worker that waits for the network, or one that is parked; false if none rests. */
  private boolean wake() {
    if (poller.get() != null) {
      selector.wakeup();
      return true;
    }
    return unpark();
  }

  private boolean unpark() {
    Worker worker = parked.poll();
    if (worker == null) {
      return false;
    }
    worker.resting = false;
    LockSupport.unpark(worker.thread);
    return true;
  }

  /** By somebody who has other things to do. */
  private void lookAtNetwork() {
    polls++;
    Runnable select = takeSelect();
    if (select != null) {
      selector.wakeup();
      run(select);
    }
  }

  /** Does what the selector has to do before it selects. Null if another has its turn. */
  private Runnable takeSelect() {
    Runnable next = turn.getAndSet(null);
    while (next != null && !selector.selectsNext()) {
      run(next);
      next = turn.getAndSet(null);
    }
    return next;
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  private void watch() {
    long before = -1;
    while (!stopped) {
      LockSupport.parkNanos(this, WATCH_NANOS);
      long now = polls;
      if (now == before && (turn.get() != null || hasTasks())) {
        wake();
      }
      before = now;
    }
  }

  /** What is queued is still done; what comes afterwards from elsewhere is refused. */
  @Override
  public void shutdown() {
    stopped = true;
    LockSupport.unpark(watch);
    if (selector != null) {
      selector.wakeup();
    }
    boolean more = unpark();
    while (more) {
      more = unpark();
    }
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return stopped;
  }

  @Override
  public boolean isTerminated() {
    return ended.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return ended.await(timeout, unit);
  }

  private final class Worker implements Runnable {
    private Thread thread;
    private volatile boolean resting;
    private long busySince;
    private int count;

    /** Tasks since the last look at the other kind. */
    private int ofClients;

    private int ofOthers;

    @Override
    public void run() {
      MINE.set(WorkerPool.this);
      try {
        work();
      } finally {
        MINE.remove();
        ended.countDown();
      }
    }

    private void work() {
      begin();
      Runnable task = next();
      while (task != null || !stopped) {
        if (task == null) {
          rest();
          begin();
        } else {
          WorkerPool.this.run(task);
          count++;
          if (count % TASKS_BETWEEN_LOOKS_AT_THE_CLOCK == 0) {
            lookUp();
          }
        }
        task = next();
      }
    }

    private Runnable next() {
      Runnable task = ofClients < CLIENT_TASKS_IN_A_ROW ? clientTasks.poll() : null;
      if (task != null) {
        ofClients++;
        return task;
      }
      task = tasks.poll();
      ofOthers++;
      if (task == null || ofOthers == OTHER_TASKS_IN_A_ROW) {
        ofClients = 0;
        ofOthers = 0;
      }
      return task == null ? clientTasks.poll() : task;
    }

    private void begin() {
      busySince = lookAtClock();
      count = 0;
    }

    private void lookUp() {
      long now = lookAtClock();
      boolean isLong = now - busySince >= HELP_NANOS;
      if (isLong || count >= TASKS_BETWEEN_LOOKS_AT_THE_NETWORK) {
        count = 0;
        lookAtNetwork();
      }
      if (isLong) {
        busySince = now;
        if (hasTasks()) {
          wake();
        }
      }
    }

    private long lookAtClock() {
      long now = nanoTime.getAsLong();
      lookedAt = now;
      return now;
    }

    /** Until there may be something to do. */
    private void rest() {
      Thread.interrupted(); // What a task has left would keep us from blocking.
      polls++;
      Runnable select = takeSelect();
      if (select != null) {
        select(select);
      } else {
        park();
      }
    }

    private void select(Runnable select) {
      poller.set(this);
      if (mayRest()) {
        WorkerPool.this.run(select);
        becomeActive();
      } else {
        selector.wakeup();
        WorkerPool.this.run(select);
      }
      poller.compareAndSet(this, null);
    }

    private void park() {
      resting = true;
      parked.push(this);
      if (!mayRest()) {
        parked.remove(this);
        return;
      }
      while (resting && !stopped) {
        LockSupport.park(WorkerPool.this);
      }
      parked.remove(this);
      becomeActive();
    }

    /** Whoever adds a task from here on sees that nobody is active, or we see the task. */
    private boolean mayRest() {
      active.decrementAndGet();
      waking.set(false);
      if (!hasTasks() && !stopped) {
        return true;
      }
      active.incrementAndGet();
      return false;
    }

    private void becomeActive() {
      active.incrementAndGet();
      waking.set(false);
    }
  }
}
