package io.sampo.node.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every line is too much for the file that already has one. */
class RotationPolicyTest {
  private static final long BEGIN = Instant.parse("2026-11-30T12:00:00.000Z").toEpochMilli();
  private static final long DAY = 86_400_000L;

  private final LoggerContext context = new LoggerContext();

  @TempDir Path folder;

  RotationPolicyTest() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  private Appender<ILoggingEvent> appender(long maxAgeDays, long maxBackups, boolean compress) {
    return Appenders.create(
        context,
        folder.resolve("node.log").toString(),
        Optional.of(new LogRotation(10, maxAgeDays, maxBackups, false, compress)));
  }

  private void write(Appender<ILoggingEvent> appender, String text, long millis) {
    LoggingEvent event =
        new LoggingEvent("x", context.getLogger("x"), Level.INFO, text, null, null);
    event.setInstant(Instant.ofEpochMilli(millis));
    appender.doAppend(event);
  }

  /** Also waits for what is done beside. */
  private List<String> names() throws Exception {
    ExecutorService beside = context.getExecutorService();
    beside.shutdown();
    assertTrue(beside.awaitTermination(20, TimeUnit.SECONDS));
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private String read(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  @Test
  void aFullFileIsRenamedByTheTimeOfTheLineThatDoesNotFit() throws Exception {
    Appender<ILoggingEvent> appender = appender(0, 0, false);
    write(appender, "one", BEGIN);
    write(appender, "two", BEGIN + 1_007);
    write(appender, "three", BEGIN + 2_000);
    assertEquals(
        List.of("node-2026-11-30T12-00-01.007.log", "node-2026-11-30T12-00-02.000.log", "node.log"),
        names());
    assertTrue(read("node-2026-11-30T12-00-01.007.log").contains("one"));
    assertTrue(read("node.log").contains("three"));
  }

  @Test
  void whatIsThereIsGoneOnWith() throws Exception {
    Files.writeString(folder.resolve("node.log"), "short\n");
    Appender<ILoggingEvent> appender = appender(0, 0, false);
    write(appender, "one", BEGIN);
    assertEquals(List.of("node.log"), names());
    assertTrue(read("node.log").startsWith("short\n"));
  }

  @Test
  void soManyAreKept() throws Exception {
    Files.writeString(folder.resolve("node-x.log"), "another file");
    Appender<ILoggingEvent> appender = appender(0, 2, false);
    for (int i = 0; i < 5; i++) {
      write(appender, "line " + i, BEGIN + i * 1_000);
    }
    assertEquals(
        List.of(
            "node-2026-11-30T12-00-03.000.log",
            "node-2026-11-30T12-00-04.000.log",
            "node-x.log",
            "node.log"),
        names());
  }

  @Test
  void theOldAreRemovedAndTheOthersCompressed() throws Exception {
    Appender<ILoggingEvent> appender = appender(2, 0, true);
    write(appender, "one", BEGIN);
    write(appender, "two", BEGIN + DAY);
    write(appender, "three", BEGIN + 3 * DAY + 1);
    assertEquals(List.of("node-2026-12-03T12-00-00.001.log.gz", "node.log"), names());
    try (var zipped =
        new GZIPInputStream(
            Files.newInputStream(folder.resolve("node-2026-12-03T12-00-00.001.log.gz")))) {
      assertTrue(new String(zipped.readAllBytes()).contains("two"));
    }
  }
}
