package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real journal, copied while its process runs (as kill -9 would leave it), then damaged. */
class JournalDamageTest {
  private static final int BATCHES = 20;
  private static final int ENTRY_BYTES = 900;

  @TempDir Path temporary;

  /**
   * Batches of one entry each, all acknowledged; the copy is taken before the journal is closed.
   */
  private Path killed(JournalSettings.Engine engine) throws IOException {
    Path live = temporary.resolve("live");
    Path copy = temporary.resolve("copy");
    JournalSettings settings = new JournalSettings(live, true, engine);
    LevelDbJournal.check(settings);
    try (LogHarness log = new LogHarness(settings, LogHarness.settings())) {
      log.recovered();
      for (int i = 1; i <= BATCHES; i++) {
        log.persist(null, LogHarness.entries(1, i, 1, ENTRY_BYTES));
      }
      copy(live, copy);
    }
    return copy;
  }

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  static Path logFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> logs = files.filter(file -> file.toString().endsWith(".log")).toList();
      assertEquals(1, logs.size());
      return logs.get(0);
    }
  }

  /** The length of the used part of a log file whose rest is reserved space. */
  static int used(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static LogState start(Path directory, JournalSettings.Engine engine) {
    JournalSettings settings = new JournalSettings(directory, true, engine);
    LevelDbJournal.check(settings);
    try (LogHarness log = new LogHarness(settings, LogHarness.settings())) {
      return log.recovered();
    }
  }

  @ParameterizedTest
  @EnumSource
  void afterAKillEveryAcknowledgedEntryIsThere(JournalSettings.Engine engine) throws IOException {
    Path directory = killed(engine);
    assertEquals(
        LogHarness.entries(1, 1, BATCHES, ENTRY_BYTES), start(directory, engine).entries());
  }

  @ParameterizedTest
  @EnumSource
  void aTornLastWriteIsCutAndWritingGoesOn(JournalSettings.Engine engine) throws IOException {
    Path directory = killed(engine);
    Path file = logFile(directory);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, used(bytes) - 100));
    assertEquals(BATCHES - 1, start(directory, engine).lastIndex());
    JournalSettings settings = new JournalSettings(directory, true, engine);
    try (LogHarness log = new LogHarness(settings, LogHarness.settings())) {
      log.recovered();
      log.persist(null, LogHarness.entries(2, BATCHES, 1, 10));
    }
    assertEquals(2, start(directory, engine).lastTerm());
  }

  @ParameterizedTest
  @EnumSource
  void aTornLastWriteInReservedSpaceIsCut(JournalSettings.Engine engine) throws IOException {
    Path directory = killed(engine);
    Path file = logFile(directory);
    byte[] bytes = Files.readAllBytes(file);
    java.util.Arrays.fill(bytes, used(bytes) - 100, bytes.length, (byte) 0);
    Files.write(file, bytes);
    assertEquals(BATCHES - 1, start(directory, engine).lastIndex());
  }

  @ParameterizedTest
  @EnumSource
  void aChangedByteAnywhereInTheLogIsFound(JournalSettings.Engine engine) throws IOException {
    Path directory = killed(engine);
    byte[] bytes = Files.readAllBytes(logFile(directory));
    int used = used(bytes);
    for (int position = 0; position < used; position += 97) {
      bytes[position] ^= 0x10;
      Files.write(logFile(directory), bytes);
      bytes[position] ^= 0x10;
      String message =
          assertThrows(
                  JournalDamagedException.class,
                  () -> LevelDbInspection.inspect(directory),
                  "byte " + position)
              .getMessage();
      assertTrue(message.contains(directory.toString()), message);
      assertTrue(message.contains("remove the member from the cluster"), message);
      assertFalse(message.contains("\n"), message);
    }
  }

  @Test
  void aJournalThatWasEmptiedIsFoundWhenAHistoryIsExpected() {
    JournalSettings settings = LogHarness.java(temporary.resolve("empty"));
    LevelDbJournal.check(settings);
    try (LogHarness log =
        new LogHarness(settings, LogHarness.settings().withHistoryExpected(true))) {
      log.stopped();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJournalInUseIsUnusableAndTheMessageNamesIt(JournalSettings.Engine engine) {
    JournalSettings settings =
        new JournalSettings(temporary.resolve("a").resolve("b"), true, engine);
    LevelDbJournal.check(settings);
    try (LogHarness log = new LogHarness(settings, LogHarness.settings())) {
      log.recovered();
      String message =
          assertThrows(JournalUnusableException.class, () -> LevelDbJournal.check(settings))
              .getMessage();
      assertTrue(message.contains(settings.directory().toString()), message);
      assertFalse(message.contains("\n"), message);
    }
  }
}
