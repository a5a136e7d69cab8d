package io.sampo.node.lock;

import io.sampo.node.edge.Answers;
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
  private final Answers answers;
  private final Function<Behavior<DeleteWait.Command>, ActorRef<DeleteWait.Command>> spawn;

  /**
   * @param spawn starts a waiter's actor, on any thread; it stops by itself
   */
  public DeleteWaits(
      EtcdServices services,
      Materializer materializer,
      Answers answers,
      Function<Behavior<DeleteWait.Command>, ActorRef<DeleteWait.Command>> spawn) {
    this.services = services;
    this.materializer = materializer;
    this.answers = answers;
    this.spawn = spawn;
  }

  EtcdServices services() {
    return services;
  }

  Answers answers() {
    return answers;
  }

  /**
   * Completes when the turn of a place has come. Once the call that waits is over (its future was
   * cancelled, because the client has left) it fails with {@link Failures#CANCELED}.
   */
  CompletableFuture<Done> await(DeleteWait.Place place, CompletableFuture<?> call) {
    if (call.isDone()) {
      return CompletableFuture.failedFuture(Failures.CANCELED);
    }
    return answers.ask(
        replyTo -> {
          ActorRef<DeleteWait.Command> waiter =
              spawn.apply(DeleteWait.create(services, materializer, place, replyTo));
          call.whenComplete((answer, failure) -> waiter.tell(new DeleteWait.Leave()));
        });
  }
}
