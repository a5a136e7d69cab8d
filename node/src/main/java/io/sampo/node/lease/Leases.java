package io.sampo.node.lease;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the API asks of leases. Every future is completed by an actor, sooner or later: a keep-alive
 * of a lease that has run out waits until the lease is revoked, so give it the client's deadline.
 */
public final class Leases {
  private final ActorRef<Lessor.Command> lessor;

  public Leases(ActorRef<Lessor.Command> lessor) {
    this.lessor = lessor;
  }

  /** Renews the lease, if this member leads. */
  public CompletableFuture<KeepAliveOutcome> keepAlive(long id) {
    CompletableFuture<KeepAliveOutcome> outcome = new CompletableFuture<>();
    lessor.tell(new Lessor.KeepAlive(id, outcome));
    return outcome;
  }

  /** How long the lease lives, if this member leads. */
  public CompletableFuture<TimeToLiveOutcome> timeToLive(long id) {
    CompletableFuture<TimeToLiveOutcome> outcome = new CompletableFuture<>();
    lessor.tell(new Lessor.AskTimeToLive(id, outcome));
    return outcome;
  }

  /**
   * The ids of all leases: on the leader those that run out first come first, elsewhere the order
   * means nothing, as in etcd.
   */
  public CompletableFuture<List<Long>> list() {
    CompletableFuture<List<Long>> ids = new CompletableFuture<>();
    lessor.tell(new Lessor.ListAll(ids));
    return ids;
  }
}
