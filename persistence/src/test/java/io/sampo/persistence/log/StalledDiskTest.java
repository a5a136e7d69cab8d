package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real plugin on a disk that stands still, in a time that the test moves. */
class StalledDiskTest {
  private ActorTestKit kit;

  @AfterEach
  void stop() {
    StallingJournal.GATE.release(1_000);
    kit.shutdownTestKit();
    StallingJournal.GATE.drainPermits();
  }

  @Test
  void aWriteThatTakesAnHourIsLateAndNotFailed(@TempDir Path directory) throws Exception {
    JournalSettings journal = JournalSettings.of(directory.resolve("journal"), true, directory);
    LevelDbJournal.check(journal);
    Config stalling =
        ConfigFactory.parseString(
            "pekko.persistence.journal.leveldb.class = \"%s\""
                .formatted(StallingJournal.class.getName()));
    kit =
        ActorTestKit.create(
            "stalled",
            stalling
                .withFallback(LevelDbJournal.config(journal))
                .withFallback(ManualTime.config())
                .withFallback(ConfigFactory.load()));
    TestProbe<LogReply> owner = kit.createTestProbe();
    ActorRef<LogCommand> log =
        kit.spawn(LogActor.create("raft-log", owner.getRef(), LogHarness.settings()));
    owner.expectMessageClass(LogReply.Recovered.class, LogHarness.PATIENCE);

    log.tell(new LogCommand.Persist(null, LogHarness.entries(1, 1, 1, 8), List.of()));
    assertTrue(StallingJournal.WAITING.tryAcquire(10, TimeUnit.SECONDS));
    ManualTime.get(kit.system()).timePasses(Duration.ofHours(1));
    owner.expectNoMessage();
    StallingJournal.GATE.release(2);
    assertEquals(1, owner.expectMessageClass(LogReply.Flushed.class, LogHarness.PATIENCE).index());
    log.tell(new LogCommand.Persist(null, LogHarness.entries(1, 2, 1, 8), List.of()));
    assertEquals(2, owner.expectMessageClass(LogReply.Flushed.class, LogHarness.PATIENCE).index());
  }
}
