package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A journal whose entries have moved from LevelDB's log to its tables, damaged in every file. */
class TableDamageTest {
  private static final int FLIPS_PER_FILE = 5;

  @TempDir Path temporary;

  private Path live() {
    return temporary.resolve("live");
  }

  private Path broken() {
    return temporary.resolve("broken");
  }

  private void write(JournalSettings settings) {
    for (int start = 0; start < 2; start++) {
      LevelDbJournal.check(settings);
      try (LogHarness log = new LogHarness(settings, LogHarness.settings())) {
        log.recovered();
        for (int i = 1; i <= 10; i++) {
          log.persist(null, LogHarness.entries(1, start * 10 + i, 1, 700));
        }
      }
    }
  }

  private void breakFile(Path file, byte[] content) throws IOException {
    if (Files.exists(broken())) {
      try (Stream<Path> files = Files.list(broken())) {
        for (Path old : files.toList()) {
          Files.delete(old);
        }
      }
    }
    JournalDamageTest.copy(live(), broken());
    Files.write(broken().resolve(file.getFileName()), content);
  }

  @ParameterizedTest
  @EnumSource
  void damageIsFoundOrHarmlessButNeverALoss(JournalSettings.Engine engine) throws IOException {
    write(new JournalSettings(live(), true, engine));
    Object whole = LogStart.outcome(new JournalSettings(live(), true, engine));
    assertEquals(20, ((LogState) whole).lastIndex());
    List<Path> files;
    try (Stream<Path> listing = Files.list(live())) {
      files = listing.filter(file -> !file.getFileName().toString().startsWith("LO")).toList();
    }
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < FLIPS_PER_FILE && bytes.length > 0; i++) {
        byte[] flipped = bytes.clone();
        flipped[bytes.length * i / FLIPS_PER_FILE] ^= 0x10;
        breakFile(file, flipped);
        checkOutcome(engine, whole, file + " flipped");
      }
      breakFile(file, Arrays.copyOf(bytes, bytes.length / 2));
      checkOutcome(engine, whole, file + " cut");
      breakFile(file, bytes);
      Files.delete(broken().resolve(file.getFileName()));
      checkOutcome(engine, whole, file + " missing");
    }
  }

  private void checkOutcome(JournalSettings.Engine engine, Object whole, String what) {
    Object outcome = LogStart.outcome(new JournalSettings(broken(), true, engine));
    assertTrue(
        outcome instanceof Exception || outcome.equals(whole), () -> what + " gave " + outcome);
  }
}
