package io.sampo.node.lease;

import io.sampo.node.raft.ReadIndexReply;
import io.sampo.protocol.etcdserverpb.LeaseCheckpoint;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * How the lessor reaches the log. Every proposal says in which term this member leads: one that is
 * no longer valid must be dropped rather than passed on to the next leader, who has extended the
 * lease.
 */
public interface LeaseProposals {
  void revoke(long term, long leaseId);

  void checkpoint(long term, List<LeaseCheckpoint> checkpoints);

  /** Asks a quorum whether this member still leads; always answered. */
  void confirmLeadership(long requestId, ActorRef<ReadIndexReply> replyTo);
}
