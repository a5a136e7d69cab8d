package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.persistence.log.JournalSettings.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A data directory may move to a machine where the other engine runs. */
class EngineChangeTest {
  private static final int BATCHES = 100;
  private static final int BATCH_ENTRIES = 100;

  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource
  void eachReadsTheTablesOfTheOther(Engine first) throws IOException {
    Path directory = temporary.resolve("journal");
    Assumptions.assumeTrue(
        JournalSettings.of(directory, false, temporary).engine() == Engine.NATIVE,
        "native LevelDB does not load here");
    Engine second = first == Engine.NATIVE ? Engine.JAVA : Engine.NATIVE;
    int last = 0;
    for (Engine engine : new Engine[] {first, second, first}) {
      JournalSettings journal = new JournalSettings(directory, false, engine);
      LevelDbJournal.check(journal);
      try (LogHarness log = new LogHarness(journal, LogHarness.settings())) {
        assertEquals(last, log.recovered().lastIndex());
        for (int batch = 0; batch < BATCHES; batch++) {
          log.persist(null, LogHarness.entries(1, last + 1, BATCH_ENTRIES, 1_000));
          last += BATCH_ENTRIES;
        }
      }
      assertTrue(hasTables(directory));
    }
  }

  private static boolean hasTables(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> file.toString().matches(".*\\.(sst|ldb)"));
    }
  }
}
