package io.sampo.node.lock;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.stream.Materializer;

/**
 * Where callers wait until the keys before theirs are deleted (etcd, concurrency): an actor for
 * each.
 */
public final class DeleteWaits {
  private final EtcdServices services;
  private final Materializer materializer;
  private final Function<Behavior<DeleteWait.Command>, ActorRef<DeleteWait.Command>> spawn;

  /**
   * @param spawn starts a waiter's actor, on any thread; it stops by itself
   */
  public DeleteWaits(
      EtcdServices services,
      Materializer materializer,
      Function<Behavior<DeleteWait.Command>, ActorRef<DeleteWait.Command>> spawn) {
    this.services = services;
    this.materializer = materializer;
    this.spawn = spawn;
  }

  EtcdServices services() {
    return services;
  }

  /**
   * Completes when the turn of a place has come. Once the call that waits is over (its future was
   * cancelled, because the client has left) it fails with {@link Failures#CANCELED}.
   */
  CompletableFuture<Done> await(DeleteWait.Place place, CompletableFuture<?> call) {
    if (call.isDone()) {
      return CompletableFuture.failedFuture(Failures.CANCELED);
    }
    CompletableFuture<Done> turn = new CompletableFuture<>();
    ActorRef<DeleteWait.Command> waiter =
        spawn.apply(DeleteWait.create(services, materializer, place, turn));
    call.whenComplete((answer, failure) -> waiter.tell(new DeleteWait.Leave()));
    return turn;
  }
}
