package io.sampo.node.peer.http;

import io.sampo.node.state.membership.ClusterMember;
import io.sampo.protocol.etcdserverpb.HashKVResponse;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What members ask each other beside Raft's messages. Every answer may fail with a {@link
 * PeerRefusal}; any other failure is answered with status 500. Called on any thread.
 */
public interface PeerServices {
  /**
   * The members as this one has applied them, in the order of their ids. A joiner compares this
   * with what it was configured with, so it must not be what is only proposed.
   */
  List<ClusterMember> members();

  /**
   * Promotes a learner; only the leader can.
   *
   * @param token of the user who asked, if there was one
   * @return the members afterwards
   */
  CompletionStage<List<ClusterMember>> promote(long id, Optional<String> token);

  /**
   * Renews a lease, as the leader and after everything committed is applied.
   *
   * @return its time to live in seconds
   */
  CompletionStage<Long> renewLease(long id);

  /** Looks a lease up, as the leader and after everything committed is applied. */
  CompletionStage<LeaseTimeToLiveResponse> timeToLive(LeaseTimeToLiveRequest request);

  /**
   * The hash of the keys.
   *
   * @param revision 0 for the current one
   */
  CompletionStage<HashKVResponse> hashKv(long revision);

  /** Whether the cluster is being downgraded, read linearizably. */
  CompletionStage<Boolean> downgradeEnabled();
}
