package io.sampo.node.lease;

import io.sampo.node.edge.Answers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the API asks of leases. A keep-alive of a lease that lives is answered at once. Every other
 * question is answered by an actor, sooner or later: a keep-alive of a lease that has run out waits
 * until the lease is revoked, so give it the client's deadline.
 */
public final class Leases {
  private final ActorRef<Lessor.Command> lessor;
  private final Renewals renewals;
  private final Answers answers;

  Leases(ActorRef<Lessor.Command> lessor, Renewals renewals, Answers answers) {
    this.lessor = lessor;
    this.renewals = renewals;
    this.answers = answers;
  }

  /** Renews the lease, if this member leads. */
  public CompletableFuture<KeepAliveOutcome> keepAlive(long id) {
    long ttlSeconds = renewals.renew(id);
    if (ttlSeconds > 0) {
      return CompletableFuture.completedFuture(new KeepAliveOutcome.Renewed(ttlSeconds));
    }
    return answers.ask(replyTo -> lessor.tell(new Lessor.KeepAlive(id, replyTo)));
  }

  /** How long the lease lives, if this member leads. */
  public CompletableFuture<TimeToLiveOutcome> timeToLive(long id) {
    return answers.ask(replyTo -> lessor.tell(new Lessor.AskTimeToLive(id, replyTo)));
  }

  /**
   * The ids of all leases: on the leader those that run out first come first, elsewhere the order
   * means nothing, as in etcd.
   */
  public CompletableFuture<List<Long>> list() {
    return answers.ask(replyTo -> lessor.tell(new Lessor.ListAll(replyTo)));
  }
}
