package io.sampo.node.lease;

import com.google.protobuf.UnsafeByteOperations;
import io.sampo.node.request.RequestGate;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.lease.Lease;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * This member's leases as clients and peers are told of them: before one is said to be missing it
 * is asked for again behind a read barrier, because its grant may have been committed and not be
 * applied here yet.
 */
public final class SettledLeases {
  private final RequestGate gate;
  private final Leases leases;
  private final PublishedState state;

  public SettledLeases(RequestGate gate, Leases leases, PublishedState state) {
    this.gate = gate;
    this.leases = leases;
    this.state = state;
  }

  /** Renews the lease, if this member leads. Fails if the barrier does. */
  public CompletableFuture<KeepAliveOutcome> keepAlive(long id) {
    return settled(() -> leases.keepAlive(id), KeepAliveOutcome.NotFound.class);
  }

  /** How long the lease lives, if this member leads. Fails if the barrier does. */
  public CompletableFuture<TimeToLiveOutcome> timeToLive(long id) {
    return settled(() -> leases.timeToLive(id), TimeToLiveOutcome.NotFound.class);
  }

  /** What is said of a lease that is there, without a header. */
  public LeaseTimeToLiveResponse describe(
      LeaseTimeToLiveRequest request, TimeToLiveOutcome.Alive alive) {
    LeaseTimeToLiveResponse.Builder response =
        LeaseTimeToLiveResponse.newBuilder()
            .setID(request.getID())
            .setTTL(alive.remainingSeconds())
            .setGrantedTTL(alive.grantedSeconds());
    Lease lease = request.getKeys() ? state.get().leases().get(request.getID()) : null;
    if (lease != null) {
      for (byte[] key : lease.keys().toList()) {
        response.addKeys(UnsafeByteOperations.unsafeWrap(key));
      }
    }
    return response.build();
  }

  private <T> CompletableFuture<T> settled(
      Supplier<CompletableFuture<T>> question, Class<? extends T> notFound) {
    return question
        .get()
        .thenCompose(
            outcome ->
                notFound.isInstance(outcome)
                    ? gate.linearizable().thenCompose(done -> question.get())
                    : CompletableFuture.completedFuture(outcome));
  }
}
