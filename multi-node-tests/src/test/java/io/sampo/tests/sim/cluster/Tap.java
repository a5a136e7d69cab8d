package io.sampo.tests.sim.cluster;

import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Stands before an actor and sees, changes or drops what it is told. */
public final class Tap {
  private Tap() {}

  /** What to do with a message. */
  public interface Gate {
    /**
     * Passes the message on, another one, several or none.
     *
     * @param next takes what the actor is to be told
     */
    void pass(Object message, Consumer<Object> next);
  }

  /** The behaviour behind the gate. */
  @SuppressWarnings("unchecked")
  public static <T> Behavior<T> of(Behavior<T> behavior, Gate gate) {
    return Behaviors.intercept(
        () ->
            new BehaviorInterceptor<T, T>((Class<T>) Object.class) {
              @Override
              public Behavior<T> aroundReceive(
                  TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
                Behavior<T>[] result = (Behavior<T>[]) new Behavior<?>[] {Behaviors.same()};
                gate.pass(message, passed -> result[0] = target.apply(context, (T) passed));
                return result[0];
              }
            },
        behavior);
  }

  /** Sees every message before and after the actor handles it. */
  public static <T> Behavior<T> watch(
      Behavior<T> behavior, Consumer<Object> before, Consumer<Object> after) {
    return of(
        behavior,
        (message, next) -> {
          before.accept(message);
          next.accept(message);
          after.accept(message);
        });
  }
}
