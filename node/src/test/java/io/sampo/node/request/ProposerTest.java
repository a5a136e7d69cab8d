package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.RaftCommand;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class ProposerTest {
  private static final int MAX_BYTES = 1000;

  private final TestInbox<RaftCommand> raft = TestInbox.create();
  private final PendingRequests<String> pending = new PendingRequests<>(() -> 0, Long.MAX_VALUE);
  private long gap;

  @Test
  void whatIsProposedIsAnsweredUnderItsId() throws Exception {
    CompletableFuture<String> result = propose(proposer(false), put(10));
    var proposal = assertInstanceOf(RaftCommand.Propose.class, raft.receiveMessage());
    var request = InternalRaftRequest.parseFrom(proposal.data());
    assertEquals(10, request.getPut().getValue().size());
    assertFalse(result.isDone());
    pending.complete(request.getHeader().getID(), "applied");
    assertEquals("applied", result.get());
  }

  @Test
  void proposalsAreRefusedWhileAppliesAreFarBehind() {
    Proposer<String> proposer = proposer(false);
    gap = Proposer.MAX_APPLY_GAP;
    assertFalse(propose(proposer, put(1)).isDone());
    gap++;
    assertRefused(EtcdError.TOO_MANY_REQUESTS, propose(proposer, put(1)));
    assertRefused(EtcdError.TOO_MANY_REQUESTS, propose(proposer, revoke()));
    gap = 0;
    assertFalse(propose(proposer, put(1)).isDone());
    assertEquals(2, raft.getAllReceived().size());
  }

  @Test
  void withPrioritiesRevocationsGoOnForLonger() {
    Proposer<String> proposer = proposer(true);
    gap = Proposer.MAX_PRIORITY_GAP;
    assertRefused(EtcdError.TOO_MANY_REQUESTS, propose(proposer, put(1)));
    assertFalse(propose(proposer, revoke()).isDone());
    gap++;
    assertRefused(EtcdError.TOO_MANY_REQUESTS, propose(proposer, revoke()));
  }

  @Test
  void whatIsTooLargeIsNeitherProposedNorWaitedFor() {
    assertRefused(EtcdError.REQUEST_TOO_LARGE, propose(proposer(false), put(MAX_BYTES)));
    assertFalse(raft.hasMessages());
    assertEquals(0, pending.size());
  }

  private static CompletableFuture<String> propose(
      Proposer<String> proposer, InternalRaftRequest.Builder request) {
    CompletableFuture<String> result = new CompletableFuture<>();
    proposer.propose(request, ReplyTo.of(result::complete, result::completeExceptionally));
    return result;
  }

  private Proposer<String> proposer(boolean priorities) {
    return new Proposer<>(
        raft.getRef(),
        () -> gap,
        new RequestIds(1, 0),
        pending,
        MAX_BYTES,
        priorities,
        new RequestMetrics(new MetricsRegistry(), () -> 0, () -> 0));
  }

  private static void assertRefused(EtcdError error, CompletableFuture<String> result) {
    ExecutionException failure = assertThrows(ExecutionException.class, result::get);
    var cause = assertInstanceOf(EtcdException.class, failure.getCause());
    assertEquals(error.exception().text(), cause.text());
  }

  private static InternalRaftRequest.Builder put(int bytes) {
    return InternalRaftRequest.newBuilder()
        .setPut(PutRequest.newBuilder().setValue(ByteString.copyFrom(new byte[bytes])));
  }

  private static InternalRaftRequest.Builder revoke() {
    return InternalRaftRequest.newBuilder()
        .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(7));
  }
}
