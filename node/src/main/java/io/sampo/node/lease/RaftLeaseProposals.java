package io.sampo.node.lease;

import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.ReadIndexReply;
import io.sampo.node.raft.RoleName;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.LeaseCheckpoint;
import io.sampo.protocol.etcdserverpb.LeaseCheckpointRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/** The lessor's proposals as log entries of etcd's form. */
public final class RaftLeaseProposals implements LeaseProposals {
  private final ActorRef<RaftCommand> raft;
  private final Supplier<RaftStatus> status;
  private final Supplier<RequestHeader> header;

  /**
   * @param status as published last; a proposal of another term is not made
   * @param header a new one for each proposal: its id and, with authentication on, the root user
   */
  public RaftLeaseProposals(
      ActorRef<RaftCommand> raft, Supplier<RaftStatus> status, Supplier<RequestHeader> header) {
    this.raft = raft;
    this.status = status;
    this.header = header;
  }

  @Override
  public void revoke(long term, long leaseId) {
    propose(
        term,
        InternalRaftRequest.newBuilder()
            .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(leaseId)));
  }

  @Override
  public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
    propose(
        term,
        InternalRaftRequest.newBuilder()
            .setLeaseCheckpoint(
                LeaseCheckpointRequest.newBuilder().addAllCheckpoints(checkpoints)));
  }

  private void propose(long term, InternalRaftRequest.Builder request) {
    RaftStatus now = status.get();
    if (now.term() == term && now.role() == RoleName.LEADER) {
      raft.tell(
          new RaftCommand.ProposeInTerm(
              term, request.setHeader(header.get()).build().toByteArray()));
    }
  }

  @Override
  public void confirmLeadership(long requestId, ActorRef<ReadIndexReply> replyTo) {
    raft.tell(new RaftCommand.ReadIndex(requestId, replyTo));
  }
}
