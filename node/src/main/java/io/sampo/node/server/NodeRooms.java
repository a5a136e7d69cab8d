package io.sampo.node.server;

import io.sampo.node.apply.Applier;
import io.sampo.node.compaction.AutoCompactor;
import io.sampo.node.edge.Answers;
import io.sampo.node.edge.LeaderGuard;
import io.sampo.node.lease.Lessor;
import io.sampo.node.maintenance.LeaderTransfer;
import io.sampo.node.member.ClusterVersionMonitor;
import io.sampo.node.member.MemberChanges;
import io.sampo.node.member.MemberPublisher;
import io.sampo.node.peer.ReceivedStates;
import io.sampo.node.peer.SnapshotSource;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.request.Proposer;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.RequestIds;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.MembershipResult;
import io.sampo.node.watch.EventHub;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The node's actors and what leads to them, once they run.
 *
 * @param answers turns the actors' answers into futures
 * @param publisher says who this member is
 * @param versions sees to the cluster's version
 * @param toSend the state that goes with a snapshot to a peer
 * @param states takes the ones that come
 */
public record NodeRooms(
    ActorRef<Applier.Command> applier,
    ActorRef<RaftCommand> raft,
    ActorRef<EventHub.Command> hub,
    ActorRef<Lessor.Command> lessor,
    Optional<ActorRef<AutoCompactor.Command>> compactor,
    RequestIds ids,
    PendingRequests<ApplyResult> pending,
    Proposer<ApplyResult> proposer,
    PendingRequests<MembershipResult> pendingChanges,
    RequestGate gate,
    MemberChanges members,
    LeaderTransfer transfer,
    LeaderGuard leaderGuard,
    Answers answers,
    ActorRef<MemberPublisher.Command> publisher,
    ActorRef<ClusterVersionMonitor.Command> versions,
    SnapshotSource toSend,
    ReceivedStates states) {}
