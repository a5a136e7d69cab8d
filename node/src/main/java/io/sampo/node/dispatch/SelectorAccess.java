package io.sampo.node.dispatch;

import java.nio.channels.Selector;
import org.apache.pekko.dispatch.AbstractNodeQueue;
import org.apache.pekko.dispatch.TaskInvocation;
import org.apache.pekko.util.SerializedSuspendableExecutionContext;

/**
 * Pekko's TCP selector, seen by the executor it runs on. Its steps (to select, to register a
 * channel, to want more of one) wait in a queue of their own, and the executor is given one
 * <em>turn</em> at a time: the task of the first of them, if the dispatcher's throughput is 1. To
 * select blocks until something comes or {@link #wakeup} is called, and asks for the next turn.
 */
final class SelectorAccess {
  private final AbstractNodeQueue<?> steps;
  private final Object select;
  private final Selector selector;

  private SelectorAccess(AbstractNodeQueue<?> steps, Object select, Selector selector) {
    this.steps = steps;
    this.select = select;
    this.selector = selector;
  }

  /** Whether this task is a turn of a selector. */
  static boolean isTurn(Runnable task) {
    return task instanceof TaskInvocation invocation
        && invocation.runnable() instanceof SerializedSuspendableExecutionContext;
  }

  /**
   * What the first turn of a selector belongs to.
   *
   * @throws IllegalStateException if the first step is not to select
   */
  static SelectorAccess of(Runnable first, SelectorFields fields) {
    AbstractNodeQueue<?> steps =
        (SerializedSuspendableExecutionContext) ((TaskInvocation) first).runnable();
    try {
      Object step = steps.peek();
      Object registry = fields.registry().get(step);
      if (fields.select().get(registry) != step) {
        throw new IllegalStateException("a selector does not begin by selecting");
      }
      return new SelectorAccess(steps, step, (Selector) fields.selector().get(registry));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the next turn may block. Only for who holds it. */
  boolean selectsNext() {
    return steps.peek() == select;
  }

  /** Ends the blocking turn, the next one if none is under way. */
  void wakeup() {
    selector.wakeup();
  }
}
