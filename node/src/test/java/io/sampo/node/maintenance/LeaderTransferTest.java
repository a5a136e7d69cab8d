package io.sampo.node.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.edge.Answers;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.node.raft.TransferReply;
import io.sampo.node.raft.TransferReply.Outcome;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.raftpb.ConfState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What is asked of Raft, and what the client is told. */
class LeaderTransferTest {
  private static final long SELF = 1;
  private static final long VOTER = 2;
  private static final long LEARNER = 3;

  private final List<RaftCommand> asked = new ArrayList<>();
  private final TreeMap<Long, ClusterMember> members = new TreeMap<>();
  private RoleName role = RoleName.LEADER;
  private final LeaderTransfer transfer =
      new LeaderTransfer(
          asked::add,
          () ->
              new ClusterState(
                  members,
                  new TreeSet<>(),
                  ConfState.getDefaultInstance(),
                  Optional.empty(),
                  Optional.empty()),
          () -> new RaftStatus(SELF, 5, SELF, role, 7, 7),
          () -> 0,
          new Answers(Runnable::run));

  LeaderTransferTest() {
    for (long id : List.of(SELF, VOTER, LEARNER)) {
      members.put(id, new ClusterMember(id, List.of(), id == LEARNER, "m" + id, List.of()));
    }
  }

  private static String errorOf(CompletableFuture<Void> moved) {
    EtcdException error =
        (EtcdException) assertThrows(CompletionException.class, moved::join).getCause();
    return error.code() + " " + error.text();
  }

  private void raftAnswers(Outcome outcome) {
    RaftCommand command = asked.remove(0);
    ReplyTo<TransferReply> replyTo =
        command instanceof RaftCommand.HandOver handOver
            ? handOver.replyTo()
            : ((RaftCommand.TransferLeadership) command).replyTo();
    replyTo.tell(new TransferReply(VOTER, outcome));
  }

  @Test
  void onlyVotersCanLead() {
    String bad = "FAILED_PRECONDITION etcdserver: bad leader transferee";
    assertEquals(bad, errorOf(transfer.moveTo(LEARNER)));
    assertEquals(bad, errorOf(transfer.moveTo(4)));
    assertEquals(List.of(), asked);
  }

  @Test
  void onlyALeaderCanHandOver() {
    role = RoleName.FOLLOWER;
    String notLeader = "FAILED_PRECONDITION etcdserver: not leader";
    assertEquals(notLeader, errorOf(transfer.moveTo(4)));
    assertEquals(List.of(), asked);
  }

  @Test
  void raftSaysHowItEnded() {
    CompletableFuture<Void> moved = transfer.moveTo(VOTER);
    assertFalse(moved.isDone());
    raftAnswers(Outcome.DONE);
    assertNull(moved.join());
    moved = transfer.moveTo(VOTER);
    raftAnswers(Outcome.FAILED);
    assertEquals(
        "UNKNOWN etcdserver: request timed out, leader transfer took too long", errorOf(moved));
    moved = transfer.moveTo(VOTER);
    raftAnswers(Outcome.NOT_LEADER);
    assertEquals("FAILED_PRECONDITION etcdserver: not leader", errorOf(moved));
  }

  @Test
  void aNodeThatStopsAsksTheConnectedVoters() {
    CompletableFuture<Void> moved = transfer.handOver(List.of(4L, LEARNER, VOTER));
    assertEquals(List.of(VOTER), ((RaftCommand.HandOver) asked.get(0)).candidates());
    raftAnswers(Outcome.DONE);
    assertNull(moved.join());
    assertEquals(
        "UNAVAILABLE etcdserver: unhealthy cluster", errorOf(transfer.handOver(List.of(LEARNER))));
  }

  @Test
  void whoDoesNotLeadOrIsAloneHasNothingToHandOver() {
    members.remove(VOTER);
    assertTrue(transfer.handOver(List.of()).isDone());
    role = RoleName.FOLLOWER;
    assertNull(transfer.handOver(List.of(VOTER)).join());
    assertEquals(List.of(), asked);
  }
}
