package io.sampo.node.lease;

import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import java.util.concurrent.CompletionStage;

/**
 * Asks the leader about leases, who alone knows when they run out. Keeps asking while leadership
 * moves, at most for the request time; then fails with etcd's timeout.
 */
public interface LeaderLeases {
  /** The renewed lease's time to live in seconds; 0 if there is no such lease. */
  CompletionStage<Long> keepAlive(long id);

  /** Without a header; a time to live of −1 if there is no such lease. */
  CompletionStage<LeaseTimeToLiveResponse> timeToLive(LeaseTimeToLiveRequest request);

  /** For a member without others. */
  LeaderLeases NONE =
      new LeaderLeases() {
        @Override
        public CompletionStage<Long> keepAlive(long id) {
          throw io.sampo.protocol.error.EtcdError.LEADER_CHANGED.exception();
        }

        @Override
        public CompletionStage<LeaseTimeToLiveResponse> timeToLive(LeaseTimeToLiveRequest request) {
          throw io.sampo.protocol.error.EtcdError.LEADER_CHANGED.exception();
        }
      };
}
