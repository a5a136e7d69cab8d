package io.sampo.node.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.edge.Answers;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.request.Proposer;
import io.sampo.node.request.ReadBarrier;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.RequestIds;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.StorageVersion;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.DowngradeRequest;
import io.sampo.protocol.etcdserverpb.DowngradeRequest.DowngradeAction;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.ClusterVersionSetRequest;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** What is refused, and what every member applies. */
class DowngradesTest {
  private final TestInbox<RaftCommand> raft = TestInbox.create();
  private final TestInbox<ReadBarrier.Command> barrier = TestInbox.create();
  private final PendingRequests<ApplyResult> pending =
      new PendingRequests<>(() -> 0, Long.MAX_VALUE);
  private final StateMachine machine = new StateMachine(StateSettings.DEFAULT);
  private final PublishedState state = new PublishedState(machine.state());
  private long index;

  private final Downgrades downgrades =
      new Downgrades(
          new RequestGate(
              new Proposer<>(
                  raft.getRef(),
                  () -> 0,
                  new RequestIds(1, 0),
                  pending,
                  1000,
                  false,
                  new RequestMetrics(new MetricsRegistry(), () -> 0, () -> 0)),
              barrier.getRef(),
              state,
              Quota.ofFlag(0),
              1,
              new Answers(Runnable::run)),
          state);

  private ApplyResult apply(InternalRaftRequest request) {
    ApplyResult result = machine.apply(request, ++index, 7);
    state.set(machine.state());
    return result;
  }

  private DowngradeState downgrade() {
    return state.get().cluster().downgrade().orElse(DowngradeState.NONE);
  }

  private static <T> T get(CompletionStage<T> answer) {
    return answer.toCompletableFuture().join();
  }

  private static String errorOf(CompletionStage<?> answer) {
    var failure = assertThrows(CompletionException.class, () -> get(answer));
    EtcdException error = (EtcdException) failure.getCause();
    return error.code() + " " + error.text();
  }

  private CompletionStage<Void> downgrade(DowngradeAction action, String version) {
    return downgrades.perform(
        DowngradeRequest.newBuilder().setAction(action).setVersion(version).build());
  }

  private void clusterVersion(String version) {
    apply(
        InternalRaftRequest.newBuilder()
            .setClusterVersionSet(ClusterVersionSetRequest.newBuilder().setVer(version))
            .build());
  }

  /** The read that the request waits for is answered. */
  private void confirmRead() {
    ((ReadBarrier.Await) barrier.receiveMessage()).replyTo().tell(null);
  }

  /** What was proposed is applied, and the request that waits for it answered. */
  private void applyProposed() throws Exception {
    var proposal = (RaftCommand.Propose) raft.receiveMessage();
    ApplyResult result = apply(InternalRaftRequest.parseFrom(proposal.data()));
    pending.complete(result.requestId(), result);
  }

  @Test
  void aDowngradeIsRefusedAndSaysWhy() {
    assertEquals(
        "INVALID_ARGUMENT etcdserver: wrong downgrade target version format",
        errorOf(downgrade(DowngradeAction.VALIDATE, "three")));
    assertEquals(
        "FAILED_PRECONDITION etcdserver: cluster version not found during downgrade",
        errorOf(downgrade(DowngradeAction.ENABLE, "3.6")));
    clusterVersion("3.7.0");
    for (String target : List.of("3.7", "3.5", "4.6.0")) {
      CompletionStage<Void> answer = downgrade(DowngradeAction.ENABLE, target);
      confirmRead();
      assertEquals(
          "INVALID_ARGUMENT etcdserver: invalid downgrade target version", errorOf(answer));
    }
    assertFalse(raft.hasMessages());
  }

  @Test
  void aDowngradeIsBegunOnceAndCancelled() throws Exception {
    clusterVersion("3.7.0");
    CompletionStage<Void> validated = downgrade(DowngradeAction.VALIDATE, "3.6.9");
    confirmRead();
    get(validated);

    CompletionStage<Void> enabled = downgrade(DowngradeAction.ENABLE, "3.6");
    confirmRead();
    applyProposed();
    get(enabled);
    assertEquals("3.6.0", downgrade().targetVersion());

    CompletionStage<Void> again = downgrade(DowngradeAction.VALIDATE, "3.6");
    confirmRead();
    assertEquals(
        "FAILED_PRECONDITION etcdserver: cluster has a downgrade job in progress", errorOf(again));

    clusterVersion("3.6.0");
    assertEquals("3.6.0", StorageVersion.of(state.get().cluster()));
    CompletionStage<Void> cancelled = downgrade(DowngradeAction.CANCEL, "");
    confirmRead();
    applyProposed();
    get(cancelled);
    assertFalse(downgrade().enabled());
  }

  @Test
  void toCancelWhatIsNotThereSucceeds() {
    clusterVersion("3.7.0");
    CompletionStage<Void> answer = downgrade(DowngradeAction.CANCEL, "");
    confirmRead();
    get(answer);
    assertFalse(raft.hasMessages());
  }
}
