package io.sampo.tests.sim.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * The run queue, the clock and the randomness of one history. What is ready at the same moment runs
 * in an order that the seed decides; time passes only when nothing is ready.
 */
public final class World {
  /** So many steps without time passing mean that somebody talks to himself for ever. */
  private static final long MAX_STEPS_PER_MOMENT = 2_000_000;

  private record Task(SimProcess process, Runnable work) {}

  private final SplittableRandom seeds;
  private final Thread thread = Thread.currentThread();
  private final SplittableRandom order;
  private final List<Task> ready = new ArrayList<>();
  private final PriorityQueue<SimTimer> timers = new PriorityQueue<>();
  private final List<String> breakdowns = new CopyOnWriteArrayList<>();
  private final TraceHash trace = new TraceHash();
  private long nowNanos;
  private long sequence;
  private long steps;
  private int processes;

  public World(long seed) {
    PekkoRandom.reseed(seed);
    seeds = new SplittableRandom(seed);
    order = seeds.split();
  }

  /** A generator that nobody else draws from. */
  public SplittableRandom newRandom() {
    return seeds.split();
  }

  /** Virtual time since the beginning. */
  public long nowNanos() {
    return nowNanos;
  }

  /** Tasks that have run. */
  public long steps() {
    return steps;
  }

  /** What has happened so far, as a number. */
  public TraceHash trace() {
    return trace;
  }

  /** What went wrong in the machinery itself; never expected. */
  public List<String> breakdowns() {
    return breakdowns;
  }

  void breakdown(String what) {
    breakdowns.add(what);
  }

  int nextProcessNumber() {
    return ++processes;
  }

  /** Runs the work after a time, outside of every process. */
  public SimTimer after(long delayNanos, Runnable work) {
    return schedule(null, delayNanos, work);
  }

  SimTimer schedule(SimProcess process, long delayNanos, Runnable work) {
    SimTimer timer = new SimTimer(process, nowNanos + Math.max(0, delayNanos), sequence++, work);
    timers.add(timer);
    return timer;
  }

  /** How many timers of a process are set. */
  public int timers(SimProcess process) {
    int count = 0;
    for (SimTimer timer : timers) {
      if (timer.process() == process && !timer.isOver()) {
        count++;
      }
    }
    return count;
  }

  void makeReady(SimProcess process, Runnable work) {
    if (Thread.currentThread() != thread) {
      StackTraceElement[] stack = Thread.currentThread().getStackTrace();
      breakdown(process.name() + ": a task from another thread, at " + List.of(stack));
      throw new IllegalStateException("not of this world: " + Thread.currentThread());
    }
    ready.add(new Task(process, work));
  }

  /** Lets this much time pass. */
  public void runFor(long nanos) {
    runUntil(() -> false, nanos);
  }

  /** Lets time pass until the condition holds, at most this much; whether it holds. */
  public boolean runUntil(BooleanSupplier condition, long maxNanos) {
    long end = nowNanos + maxNanos;
    while (!condition.getAsBoolean()) {
      drain();
      SimTimer next = nextTimer();
      if (next == null || next.deadlineNanos() > end) {
        nowNanos = end;
        return condition.getAsBoolean();
      }
      timers.poll();
      nowNanos = next.deadlineNanos();
      fire(next);
    }
    return true;
  }

  private SimTimer nextTimer() {
    while (!timers.isEmpty() && timers.peek().isOver()) {
      timers.poll();
    }
    return timers.peek();
  }

  private void fire(SimTimer timer) {
    Runnable work = timer.take();
    if (timer.process() == null) {
      trace.add(nowNanos);
      work.run();
    } else {
      timer.process().execute(work);
    }
  }

  private void drain() {
    for (long count = 0; !ready.isEmpty(); count++) {
      if (count > MAX_STEPS_PER_MOMENT) {
        throw new IllegalStateException("endless activity at one moment");
      }
      int index = order.nextInt(ready.size());
      int last = ready.size() - 1;
      Task task = ready.set(index, ready.get(last));
      ready.remove(last);
      run(task);
    }
  }

  /**
   * Runs what is ready of one process, in order of arrival: Pekko waits for that while it starts.
   */
  void drainOnly(SimProcess process) {
    for (int i = 0; i < ready.size(); ) {
      if (ready.get(i).process() == process) {
        run(ready.remove(i));
        i = 0;
      } else {
        i++;
      }
    }
  }

  private void run(Task task) {
    if (task.process().takesSteps(task.work())) {
      steps++;
      trace.add(task.process().number());
      task.process().run(task.work());
    }
  }
}
