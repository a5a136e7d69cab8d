package io.sampo.node.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.auth.SimpleTokens;
import io.sampo.node.auth.TokenEvents;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.request.Consensus;
import io.sampo.node.request.SlowApplyMetrics;
import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A leader's state on a disk that has no space for it. */
class InstallTest {
  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final BlockingQueue<Snapshotter.Save> saves = new LinkedBlockingQueue<>();
  private final ActorRef<Snapshotter.Save> snapshotter =
      kit.spawn(
          Behaviors.receiveMessage(
              save -> {
                saves.add(save);
                return Behaviors.same();
              }));
  private final TestProbe<ApplyEvent> events = kit.createTestProbe();
  private final MetricsRegistry registry = new MetricsRegistry();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private ActorRef<Applier.Command> applier() {
    StateMachine machine = new StateMachine(StateSettings.DEFAULT);
    var pending = Consensus.Pending.create(() -> 0, 1);
    ActorRef<Applier.Command> applier =
        kit.spawn(
            Applier.create(
                machine,
                new PublishedState(machine.state()),
                new Applier.Answers(
                    pending.requests(),
                    pending.changes(),
                    new TokenEvents(
                        new SimpleTokens(0, () -> 0, () -> new Random(1)), AuthTable.EMPTY)),
                snapshotter,
                new Applier.CompactionPace(1000, Duration.ofMillis(10)),
                10_000,
                new ApplyMetrics(registry, new SlowApplyMetrics(registry, 0), () -> 0),
                new CompactionHashes(new HashStorage(), Runnable::run),
                () -> 0));
    applier.tell(new Applier.Subscribe(events.getRef()::tell));
    applier.tell(Applier.Begin.INSTANCE);
    return applier;
  }

  private static StateMachine sent(long index) {
    StateMachine machine = new StateMachine(StateSettings.DEFAULT);
    machine.apply(
        InternalRaftRequest.newBuilder().setPut(PutRequest.getDefaultInstance()).build(), index, 1);
    return machine;
  }

  /** The next attempt, however much time has to pass until then. */
  private Snapshotter.Save nextSave() throws InterruptedException {
    Snapshotter.Save save = saves.poll(20, TimeUnit.MILLISECONDS);
    for (int seconds = 0; save == null; seconds++) {
      assertTrue(seconds < 1_000, "nobody tries again");
      ManualTime.get(kit.system()).timePasses(Duration.ofSeconds(1));
      save = saves.poll(20, TimeUnit.MILLISECONDS);
    }
    return save;
  }

  private String inProgress() {
    String name = "\netcd_server_snapshot_apply_in_progress_total ";
    String page = new String(registry.scrape(), StandardCharsets.UTF_8);
    int at = page.indexOf(name) + name.length();
    return page.substring(at, page.indexOf('\n', at));
  }

  @Test
  void itIsWrittenAgainUntilItIsDurableAndOnlyThenSaidToBe() throws Exception {
    ActorRef<Applier.Command> applier = applier();
    applier.tell(new Applier.Install(sent(7)));
    NodeState state = events.expectMessageClass(ApplyEvent.Replaced.class).state();
    for (int attempt = 1; attempt <= 3; attempt++) {
      Snapshotter.Save save = nextSave();
      assertSame(state, save.state());
      assertEquals("1", inProgress());
      save.replyTo().tell(new Snapshotter.Ended(save, false));
      events.expectNoMessage();
    }
    Snapshotter.Save last = nextSave();
    last.replyTo().tell(new Snapshotter.Ended(last, true));
    var durable = events.expectMessageClass(ApplyEvent.ReplacementDurable.class);
    assertEquals(7, durable.state().appliedIndex());
    assertEquals("0", inProgress());
  }

  /** Simulator, seed 1006917: the second attempt for the first state found none. */
  @Test
  void aStateThatReplacesOneThatIsNotDurableYetIsTheOnlyOneThatIsWrittenAgain() throws Exception {
    ActorRef<Applier.Command> applier = applier();
    applier.tell(new Applier.Install(sent(7)));
    Snapshotter.Save first = nextSave();
    first.replyTo().tell(new Snapshotter.Ended(first, false));
    applier.tell(new Applier.Install(sent(9)));
    Snapshotter.Save second = nextSave();
    assertEquals(9, second.state().appliedIndex());
    second.replyTo().tell(new Snapshotter.Ended(second, true));
    events.expectMessageClass(ApplyEvent.Replaced.class);
    events.expectMessageClass(ApplyEvent.Replaced.class);
    events.expectMessageClass(ApplyEvent.ReplacementDurable.class);
    ManualTime.get(kit.system()).timePasses(Duration.ofMinutes(1));
    assertNull(saves.poll(100, TimeUnit.MILLISECONDS));
  }

  /** It would tell Raft to let go of a log that it does not have. */
  @Test
  void theEndOfAStateThatAnotherHasReplacedIsNoSnapshotOfTheLog() throws Exception {
    ActorRef<Applier.Command> applier = applier();
    applier.tell(new Applier.Install(sent(7)));
    Snapshotter.Save first = nextSave();
    applier.tell(new Applier.Install(sent(9)));
    Snapshotter.Save second = nextSave();
    events.expectMessageClass(ApplyEvent.Replaced.class);
    events.expectMessageClass(ApplyEvent.Replaced.class);
    first.replyTo().tell(new Snapshotter.Ended(first, true));
    second.replyTo().tell(new Snapshotter.Ended(second, true));
    var durable = events.expectMessageClass(ApplyEvent.ReplacementDurable.class);
    assertEquals(9, durable.state().appliedIndex());
  }
}
