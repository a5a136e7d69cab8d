package io.sampo.node.lock;

import io.sampo.node.dispatch.Actors;

/** The Lock and Election services, clients of this member's own KV, Lease and Watch. */
public record LockFeature(LockService lock, ElectionService election) {

  /** Starts nothing: who waits has an actor of its own while it waits. */
  public static LockFeature create(Actors actors, EtcdServices services) {
    DeleteWaits waits =
        new DeleteWaits(
            services, actors.materializer(), waiter -> actors.spawnSession("delete-wait", waiter));
    return new LockFeature(new LockService(waits), new ElectionService(waits));
  }
}
