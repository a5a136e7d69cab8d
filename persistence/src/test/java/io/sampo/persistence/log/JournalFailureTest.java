package io.sampo.persistence.log;

import com.typesafe.config.Config;
import io.sampo.persistence.disk.DiskSpace;
import io.sampo.protocol.raftpb.ConfState;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log on a journal plugin of another make, which fails when told to. */
class JournalFailureTest {
  private final Config config =
      PersistenceTestKitPlugin.getInstance()
          .config()
          .withFallback(LevelDbJournal.anyPlugin())
          .withFallback(com.typesafe.config.ConfigFactory.load());
  private final ActorTestKit kit = ActorTestKit.create("failure", config);
  private final TestProbe<LogReply> owner = kit.createTestProbe();

  private ActorRef<LogCommand> start(LogSettings settings) {
    ActorRef<LogCommand> log = kit.spawn(LogActor.create("raft-log", owner.getRef(), settings));
    owner.expectMessageClass(LogReply.Recovered.class, LogHarness.PATIENCE);
    return log;
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aWriteThatFailsStopsTheLogAndIsNeverAcknowledged() {
    ActorRef<LogCommand> log = start(LogHarness.settings());
    PersistenceTestKit.create(kit.system()).failNextPersisted("raft-log");
    log.tell(new LogCommand.Persist(null, LogHarness.entries(1, 1, 1, 8), List.of()));
    log.tell(new LogCommand.Persist(null, LogHarness.entries(1, 2, 1, 8), List.of()));
    owner.expectTerminated(log, LogHarness.PATIENCE);
    owner.expectNoMessage();
  }

  @Test
  void aDiskThatIsNearlyFullStopsTheLogBeforeTheJournalTouchesIt() {
    AtomicLong free = new AtomicLong(DiskSpace.LOG_RESERVE_BYTES);
    ActorRef<LogCommand> log = start(LogHarness.settings().withFreeBytes(free::get));
    log.tell(new LogCommand.Persist(null, LogHarness.entries(1, 1, 1, 8), List.of()));
    owner.expectMessageClass(LogReply.Flushed.class, LogHarness.PATIENCE);
    free.decrementAndGet();
    log.tell(new LogCommand.Persist(null, LogHarness.entries(1, 2, 1, 8), List.of()));
    owner.expectTerminated(log, LogHarness.PATIENCE);
    owner.expectNoMessage();
  }

  @Test
  void aJournalThatCannotDeleteStopsTheLog() {
    ActorRef<LogCommand> log = start(LogHarness.settings());
    for (int index = 1; index <= 10; index++) {
      log.tell(new LogCommand.Persist(null, LogHarness.entries(1, index, 1, 8), List.of()));
      owner.expectMessageClass(LogReply.Flushed.class, LogHarness.PATIENCE);
    }
    PersistenceTestKit.create(kit.system()).failNextDelete("raft-log");
    log.tell(new LogCommand.Compact(10, 1, ConfState.newBuilder().addVoters(1).build()));
    owner.expectTerminated(log, LogHarness.PATIENCE);
  }
}
