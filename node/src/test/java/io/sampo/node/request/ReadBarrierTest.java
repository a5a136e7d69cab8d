package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.ReadIndexReply;
import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.protocol.error.EtcdError;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits for which question to Raft, and for how long. */
class ReadBarrierTest {
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration TIMEOUT = Duration.ofSeconds(7);

  /** What an actor does, it does in the call that told it. */
  private static final Config SAME_THREAD =
      ConfigFactory.parseString(
          "same-thread.type = org.apache.pekko.testkit.CallingThreadDispatcherConfigurator");

  private final ActorTestKit kit =
      ActorTestKit.create(SAME_THREAD.withFallback(ManualTime.config()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestInbox<RaftCommand> raft = TestInbox.create();
  private final MetricsRegistry registry = new MetricsRegistry();
  private final List<String> heard = new ArrayList<>();

  /** What stands in line behind the requests that have come. */
  private final ArrayDeque<Runnable> clients = new ArrayDeque<>();

  private long applied;
  private long nanos;

  private final ActorRef<ReadBarrier.Command> barrier =
      kit.spawn(
          ReadBarrier.create(
              raft.getRef(),
              () -> applied,
              () -> nanos,
              new ReadBarrier.Settings(TIMEOUT.toNanos(), RETRY.toNanos()),
              clients::add,
              new RequestMetrics(registry, () -> nanos, () -> 0)),
          DispatcherSelector.fromConfig("same-thread"));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void read(String name) {
    barrier.tell(
        new ReadBarrier.Await(
            ReplyTo.of(done -> heard.add(name), why -> heard.add(name + ": " + why.text()))));
  }

  private RaftCommand.ReadIndex question() {
    return (RaftCommand.ReadIndex) raft.receiveMessage();
  }

  /** The requests that have come are read. */
  private void readRequests() {
    clients.remove().run();
  }

  private static void confirm(RaftCommand.ReadIndex question, long index) {
    question.replyTo().tell(new ReadIndexReply.ReadState(question.requestId(), index));
  }

  /** The timer fires once, at the end. */
  private void pass(Duration span) {
    nanos += span.toNanos();
    time.timePasses(RETRY);
  }

  @Test
  void aQuestionThatTookLongHasATraceWithEveryStep() {
    try (TraceLog log = new TraceLog()) {
      read("quick");
      nanos += 100_000_000;
      confirm(question(), 0);
      read("slow");
      nanos += 60_000_000;
      confirm(question(), 5);
      nanos += 41_000_000;
      barrier.tell(new ReadBarrier.AppliedUpTo(5));
      assertEquals(List.of("quick", "slow"), heard);
      assertEquals(
          List.of(
              "linearizableReadLoop {readStateIndex:5; appliedIndex:0; } PT0.101S"
                  + " ['read index received'  (duration: 60ms),"
                  + " 'applied index is now lower than readState.Index'  (duration: 41ms)]"),
          log.lines());
    }
  }

  @Test
  void whoComesWhileRaftIsAskedSharesTheNextQuestion() {
    read("a");
    RaftCommand.ReadIndex first = question();
    read("b");
    read("c");
    confirm(first, 0);
    assertEquals(List.of("a"), heard);
    readRequests();
    confirm(question(), 0);
    assertEquals(List.of("a", "b", "c"), heard);
  }

  /** Else what belongs to the cluster, which goes first, would ask a question for each read. */
  @Test
  void theNextQuestionWaitsForTheRequestsThatHaveCome() {
    read("a");
    RaftCommand.ReadIndex first = question();
    read("b");
    confirm(first, 0);
    read("c");
    assertFalse(raft.hasMessages());
    readRequests();
    confirm(question(), 0);
    assertEquals(List.of("a", "b", "c"), heard);
    assertFalse(raft.hasMessages());
    assertTrue(clients.isEmpty());
  }

  @Test
  void aReadWaitsUntilItsIndexIsApplied() {
    read("a");
    confirm(question(), 5);
    barrier.tell(new ReadBarrier.AppliedUpTo(4));
    assertEquals(List.of(), heard);
    barrier.tell(new ReadBarrier.AppliedUpTo(5));
    assertEquals(List.of("a"), heard);
  }

  @Test
  void onlyThoseWhoseTimeIsUpGiveUp() {
    read("applying");
    confirm(question(), 5);
    read("asking");
    question();
    pass(TIMEOUT.dividedBy(2));
    read("later");
    pass(TIMEOUT.dividedBy(2));
    assertEquals(
        List.of(
            "asking: " + EtcdError.TIMEOUT.exception().text(),
            "applying: " + EtcdError.TIMEOUT_WAIT_APPLIED_INDEX.exception().text()),
        heard);
    applied = 5;
    barrier.tell(new ReadBarrier.AppliedUpTo(5));
    RaftCommand.ReadIndex last = null;
    while (raft.hasMessages()) {
      last = question();
    }
    confirm(last, 5);
    assertEquals("later", heard.get(heard.size() - 1));
    assertEquals(3, heard.size());
  }

  @Test
  void anUnansweredQuestionIsAskedAgain() {
    read("a");
    RaftCommand.ReadIndex lost = question();
    pass(RETRY);
    RaftCommand.ReadIndex again = question();
    assertEquals(1, MetricsPage.value(registry, "etcd_server_slow_read_indexes_total"));
    confirm(lost, 0);
    assertEquals(List.of(), heard, "an answer to an earlier attempt releases nobody");
    confirm(again, 0);
    assertEquals(List.of("a"), heard);
  }

  @Test
  void aRefusalIsTold() {
    read("a");
    RaftCommand.ReadIndex question = question();
    question.replyTo().tell(new ReadIndexReply.ReadFailed(question.requestId()));
    assertEquals(List.of("a: " + EtcdError.LEADER_CHANGED.exception().text()), heard);
  }

  @Test
  void aRefusalIsOnlyForThoseWhomTheQuestionWasFor() {
    read("a");
    RaftCommand.ReadIndex lost = question();
    pass(RETRY);
    RaftCommand.ReadIndex again = question();
    lost.replyTo().tell(new ReadIndexReply.ReadFailed(lost.requestId()));
    assertEquals(List.of(), heard, "an earlier attempt may fail");
    read("b");
    again.replyTo().tell(new ReadIndexReply.ReadFailed(again.requestId()));
    assertEquals(List.of("a: " + EtcdError.LEADER_CHANGED.exception().text()), heard);
    readRequests();
    confirm(question(), 0);
    assertEquals("b", heard.get(1));
  }

  @Test
  void aReadOfAnAppliedIndexDoesNotWaitForThoseThatDo() {
    read("later");
    confirm(question(), 5);
    applied = 4;
    read("now");
    confirm(question(), 4);
    assertEquals(List.of("now"), heard);
  }

  @Test
  void aLeadersStateReleasesThoseWhoWaitForItsIndex() {
    StateMachine machine = new StateMachine(StateSettings.DEFAULT);
    machine.applyEmpty(5, 1);
    read("a");
    confirm(question(), 5);
    Consumer<ApplyEvent> subscription = ReadBarrier.subscription(barrier);
    subscription.accept(new ApplyEvent.Applied(List.of(), List.of(), 0, 4));
    assertEquals(List.of(), heard);
    subscription.accept(new ApplyEvent.Replaced(machine.state()));
    assertEquals(List.of("a"), heard);
  }
}
