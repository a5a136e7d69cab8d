package io.sampo.node.server;

import org.apache.pekko.actor.typed.Behavior;

/**
 * Stands between a node and its rooms: every actor that the node starts passes here once, by name.
 * The simulator watches at this place, and plants its known bugs there.
 */
public interface SpawnInterceptor {

  /** Nobody stands there. */
  SpawnInterceptor OPEN =
      new SpawnInterceptor() {
        @Override
        public <T> Behavior<T> admit(String room, Behavior<T> behavior) {
          return behavior;
        }
      };

  /**
   * The behaviour to start as this room.
   *
   * @param room {@code applier}, {@code raft}, {@code log}, {@code read-barrier}, {@code
   *     event-hub}, {@code snapshotter}, {@code lessor} or {@code auto-compactor}; {@code watch}
   *     for each watch stream, {@code turn} for who waits for a lock
   */
  <T> Behavior<T> admit(String room, Behavior<T> behavior);
}
