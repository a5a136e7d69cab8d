package io.sampo.tests.sim.kernel;

import org.apache.pekko.actor.Cancellable;

/** Something that will run at a moment of virtual time, in a process or outside of all. */
public final class SimTimer implements Comparable<SimTimer>, Cancellable {
  private final SimProcess process;
  private final long deadlineNanos;
  private final long sequence;
  private Runnable work;

  SimTimer(SimProcess process, long deadlineNanos, long sequence, Runnable work) {
    this.process = process;
    this.deadlineNanos = deadlineNanos;
    this.sequence = sequence;
    this.work = work;
  }

  SimProcess process() {
    return process;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  /** Cancelled, fired, or of a process that is no more. */
  boolean isOver() {
    return work == null || (process != null && process.isCrashed());
  }

  Runnable take() {
    Runnable taken = work;
    work = null;
    return taken;
  }

  @Override
  public boolean cancel() {
    return take() != null;
  }

  @Override
  public boolean isCancelled() {
    return work == null;
  }

  @Override
  public int compareTo(SimTimer other) {
    int byTime = Long.compare(deadlineNanos, other.deadlineNanos);
    return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
  }
}
