package io.sampo.persistence.log;

import com.google.protobuf.ByteString;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.protocol.raftpb.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** One start of a log on a journal directory; closing it is a clean stop. */
final class LogHarness implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ActorTestKit kit;
  private final TestProbe<LogReply> owner;
  private final ActorRef<LogCommand> log;

  LogHarness(JournalSettings journal, LogSettings settings) {
    this(LevelDbJournal.config(journal), settings);
  }

  LogHarness(Config config, LogSettings settings) {
    kit = ActorTestKit.create("log", config.withFallback(ConfigFactory.load()));
    owner = kit.createTestProbe();
    log = kit.spawn(LogActor.create("raft-log", owner.getRef(), settings));
  }

  static JournalSettings java(Path directory) {
    return new JournalSettings(directory, true, JournalSettings.Engine.JAVA);
  }

  static LogSettings settings() {
    return LogSettings.defaults("test").withCatchUpEntries(2).withReclaimBytes(0);
  }

  LogState recovered() {
    return owner.expectMessageClass(LogReply.Recovered.class, PATIENCE).state();
  }

  void tell(LogCommand command) {
    log.tell(command);
  }

  LogReply.Flushed flushed() {
    return owner.expectMessageClass(LogReply.Flushed.class, PATIENCE);
  }

  LogReply.Flushed persist(HardState hardState, List<Entry> entries) {
    tell(new LogCommand.Persist(hardState, entries, List.of()));
    return flushed();
  }

  void silent() {
    owner.expectNoMessage(Duration.ofMillis(200));
  }

  /** Waits until the actor has stopped, which without a command to stop means that it failed. */
  void stopped() {
    owner.expectTerminated(log, PATIENCE);
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }

  static List<Entry> entries(long term, long first, int count, int bytes) {
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] data = new byte[bytes];
      java.util.Arrays.fill(data, (byte) (first + i));
      entries.add(
          Entry.newBuilder()
              .setTerm(term)
              .setIndex(first + i)
              .setData(ByteString.copyFrom(data))
              .build());
    }
    return entries;
  }
}
