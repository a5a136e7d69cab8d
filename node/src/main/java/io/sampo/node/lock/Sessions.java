package io.sampo.node.lock;

import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeasePowerApi;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.grpc.javadsl.Metadata;

/** The lease that a lock or a candidacy lives by. */
record Sessions(LeasePowerApi leases) {
  /** etcd's default of a session. Nobody renews it: that is up to whoever holds the lock. */
  static final long TTL_SECONDS = 60;

  /** The lease that the caller brings, or a new one of {@link #TTL_SECONDS} if that is 0. */
  CompletionStage<Long> lease(long requested, Metadata metadata) {
    if (requested != 0) {
      // Whether it exists is found out by the put, as in etcd.
      return CompletableFuture.completedFuture(requested);
    }
    return leases
        .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(TTL_SECONDS).build(), metadata)
        .thenApply(LeaseGrantResponse::getID);
  }
}
