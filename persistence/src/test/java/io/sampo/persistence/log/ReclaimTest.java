package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.raftpb.ConfState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReclaimTest {
  private static final int BATCHES = 300;
  private static final int BATCH_ENTRIES = 100;
  private static final int ENTRIES = BATCHES * BATCH_ENTRIES;
  private static final ConfState MEMBERS = ConfState.newBuilder().addVoters(1).build();

  @TempDir Path temporary;

  private static long bytes(Path directory) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        try {
          bytes += Files.size(file);
        } catch (NoSuchFileException e) {
          continue; // LevelDB has just deleted it.
        }
      }
    }
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void compactionFreesTheDisk(JournalSettings.Engine engine) throws IOException {
    Path directory = temporary.resolve("journal");
    JournalSettings best = JournalSettings.of(directory, false, temporary);
    Assumptions.assumeTrue(
        engine == JournalSettings.Engine.JAVA || engine == best.engine(),
        "native LevelDB does not load here");
    JournalSettings journal = new JournalSettings(directory, false, engine);
    LevelDbJournal.check(journal);
    long full;
    long term = 1;
    try (LogHarness log = new LogHarness(journal, LogHarness.settings())) {
      log.recovered();
      for (int batch = 0; batch < BATCHES; batch++) {
        log.persist(null, LogHarness.entries(1, 1 + batch * BATCH_ENTRIES, BATCH_ENTRIES, 1_000));
      }
      full = bytes(directory);
      log.tell(new LogCommand.Compact(ENTRIES, 1, MEMBERS));
      while (bytes(directory) >= full / 4) {
        // The journal deletes and compacts between writes: keep writing until it has.
        log.persist(new HardState(++term, 0), List.of());
        assertTrue(term < 10_000, bytes(directory) + " of " + full + " are still there");
      }
    }
    LogState state = start(journal);
    assertEquals(ENTRIES, state.lastIndex());
    assertEquals(ENTRIES - 2, state.prefixIndex());
  }

  private static LogState start(JournalSettings journal) {
    return (LogState) LogStart.outcome(journal);
  }
}
