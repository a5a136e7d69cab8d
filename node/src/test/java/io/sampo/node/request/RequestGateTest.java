package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.edge.Answers;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** What the space quota lets through, and what happens before it refuses. */
class RequestGateTest {
  private static final long MEMBER = 0xae;
  private static final long ROOM = 100;

  private final TestInbox<RaftCommand> raft = TestInbox.create();
  private final PendingRequests<ApplyResult> pending =
      new PendingRequests<>(() -> 0, Long.MAX_VALUE);
  private long gap;
  private boolean wentOn;

  private RequestGate gate(Quota quota) {
    Proposer<ApplyResult> proposer =
        new Proposer<>(
            raft.getRef(),
            () -> gap,
            new RequestIds(1, 0),
            pending,
            1000,
            false,
            new RequestMetrics(new MetricsRegistry(), () -> 0, () -> 0));
    return new RequestGate(
        proposer,
        TestInbox.<ReadBarrier.Command>create().getRef(),
        new PublishedState(NodeState.EMPTY),
        quota,
        MEMBER,
        new Answers(Runnable::run));
  }

  private CompletableFuture<String> ask(Quota quota, long cost) {
    return gate(quota)
        .withinQuota(
            cost,
            () -> {
              wentOn = true;
              return CompletableFuture.completedFuture("done");
            });
  }

  private static Quota room() {
    return new Quota(NodeState.EMPTY.sizeBytes() + ROOM);
  }

  private void assertRefused(CompletableFuture<String> answer) {
    var failure = assertThrows(CompletionException.class, answer::join);
    EtcdException refusal = (EtcdException) failure.getCause();
    assertEquals(EtcdError.NO_SPACE.exception().text(), refusal.text());
    assertEquals(EtcdError.NO_SPACE.exception().code(), refusal.code());
    assertFalse(wentOn);
  }

  private InternalRaftRequest proposed() throws Exception {
    return InternalRaftRequest.parseFrom(((RaftCommand.Propose) raft.receiveMessage()).data());
  }

  @Test
  void whatFitsGoesOnAndNothingIsProposed() {
    assertEquals("done", ask(room(), ROOM - 1).join());
    assertFalse(raft.hasMessages());
  }

  @Test
  void withoutAQuotaAndWithoutACostEverythingFits() {
    assertEquals("done", ask(Quota.ofFlag(-1), Long.MAX_VALUE).join());
    assertEquals("done", ask(new Quota(0), 0).join());
    assertFalse(raft.hasMessages());
  }

  @Test
  void whatDoesNotFitIsRefusedOnceTheAlarmIsUp() throws Exception {
    CompletableFuture<String> answer = ask(room(), ROOM);
    InternalRaftRequest alarm = proposed();
    assertEquals(
        AlarmRequest.newBuilder()
            .setAction(AlarmRequest.AlarmAction.ACTIVATE)
            .setMemberID(MEMBER)
            .setAlarm(AlarmType.NOSPACE)
            .build(),
        alarm.getAlarm());
    assertFalse(answer.isDone(), "the alarm is not up yet");
    StateMachine machine = new StateMachine(StateSettings.DEFAULT);
    pending.complete(alarm.getHeader().getID(), machine.apply(alarm, 1, 1));
    assertRefused(answer);
  }

  @Test
  void itIsRefusedAlsoWhenTheAlarmCannotBeProposed() {
    gap = Long.MAX_VALUE;
    assertRefused(ask(room(), ROOM));
    assertFalse(raft.hasMessages());
  }

  @Test
  void itIsRefusedAlsoWhenTheAlarmIsNotAppliedInTime() {
    CompletableFuture<String> answer = ask(room(), ROOM);
    pending.failAll(EtcdError.TIMEOUT.exception());
    assertRefused(answer);
  }
}
