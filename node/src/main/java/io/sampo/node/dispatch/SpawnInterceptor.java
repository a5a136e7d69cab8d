package io.sampo.node.dispatch;

import org.apache.pekko.actor.typed.Behavior;

/**
 * Every behaviour that a member starts passes here once, by name. The simulator observes actors at
 * this place, and puts its known bugs there.
 */
public interface SpawnInterceptor {

  /** Leaves every behaviour as it is. */
  SpawnInterceptor NONE =
      new SpawnInterceptor() {
        @Override
        public <T> Behavior<T> intercept(String actor, Behavior<T> behavior) {
          return behavior;
        }
      };

  /**
   * The behaviour to start in place of this one.
   *
   * @param actor {@code applier}, {@code raft}, {@code log}, {@code read-barrier}, {@code
   *     event-hub}, {@code snapshotter}, {@code lessor} or {@code auto-compactor}; {@code watch}
   *     for each watch stream, {@code delete-wait} for who waits for a lock
   */
  <T> Behavior<T> intercept(String actor, Behavior<T> behavior);
}
