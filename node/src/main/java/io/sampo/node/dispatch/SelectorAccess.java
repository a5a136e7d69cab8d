package io.sampo.node.dispatch;

import java.lang.reflect.Field;
import java.nio.channels.Selector;
import java.util.Arrays;
import org.apache.pekko.dispatch.AbstractNodeQueue;
import org.apache.pekko.dispatch.TaskInvocation;
import org.apache.pekko.util.SerializedSuspendableExecutionContext;

/**
 * Pekko's TCP selector, seen by the executor it runs on. Its steps (to select, to register a
 * channel, to want more of one) wait in a queue of their own, and the executor is given one
 * <em>turn</em> at a time: the task of the first of them, if the dispatcher's throughput is 1. To
 * select blocks until something comes or {@link #wakeup} is called, and asks for the next turn.
 *
 * <p>Pekko 1.7.0 gives no way to this but its private fields; where they are not found, the node
 * does not start.
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
   * @throws IllegalStateException if Pekko keeps its selector elsewhere than expected
   */
  static SelectorAccess of(Runnable first) {
    AbstractNodeQueue<?> steps =
        (SerializedSuspendableExecutionContext) ((TaskInvocation) first).runnable();
    try {
      Object select = steps.peek();
      Object registry = field(select.getClass(), "$outer").get(select);
      Field selector =
          Arrays.stream(registry.getClass().getDeclaredFields())
              .filter(field -> Selector.class.isAssignableFrom(field.getType()))
              .findFirst()
              .orElseThrow(() -> new NoSuchFieldException("selector"));
      selector.setAccessible(true);
      if (field(registry.getClass(), "select").get(registry) != select) {
        throw new NoSuchFieldException("select");
      }
      return new SelectorAccess(steps, select, (Selector) selector.get(registry));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this version of Pekko keeps its selector elsewhere", e);
    }
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
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
