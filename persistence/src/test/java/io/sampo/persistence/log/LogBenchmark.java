package io.sampo.persistence.log;

import io.sampo.protocol.raftpb.ConfState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Measures the log on a real disk. Arguments: a folder, the engine, batches, entries in a batch.
 */
final class LogBenchmark {
  private LogBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "log");
    JournalSettings journal =
        new JournalSettings(folder, true, JournalSettings.Engine.valueOf(arguments[1]));
    LogSettings settings =
        LogSettings.defaults(folder.toString()).withFreeBytes(LevelDbJournal.freeBytes(journal));
    int batches = Integer.parseInt(arguments[2]);
    int entries = Integer.parseInt(arguments[3]);
    boolean compacts = arguments.length > 4;
    long[] nanos = new long[batches];
    LevelDbJournal.check(journal);
    try (LogHarness log = new LogHarness(journal, settings)) {
      log.recovered();
      long began = System.nanoTime();
      for (int i = 0; i < batches; i++) {
        long start = System.nanoTime();
        log.persist(null, LogHarness.entries(1, 1L + (long) i * entries, entries, 256));
        nanos[i] = System.nanoTime() - start;
        if (compacts && (i + 1) % (10_000 / entries) == 0) {
          log.tell(new LogCommand.Compact((long) i * entries, 1, ConfState.getDefaultInstance()));
        }
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      Arrays.sort(nanos);
      System.out.printf(
          "%s: %.0f entries/s, batch p50 %d us, p99 %d us, p99.9 %d us, max %d us%n",
          List.of(arguments),
          batches * (double) entries / seconds,
          nanos[batches / 2] / 1000,
          nanos[batches * 99 / 100] / 1000,
          nanos[(int) (batches * 0.999)] / 1000,
          nanos[batches - 1] / 1000);
    }
    long start = System.nanoTime();
    LevelDbJournal.check(journal);
    System.out.println("check " + (System.nanoTime() - start) / 1_000_000 + " ms");
    start = System.nanoTime();
    try (LogHarness log = new LogHarness(journal, settings)) {
      System.out.println(
          "recovered "
              + log.recovered().entries().size()
              + " entries, with the actor system in "
              + (System.nanoTime() - start) / 1_000_000
              + " ms");
    }
    try (var files = Files.list(folder)) {
      System.out.println(files.mapToLong(file -> file.toFile().length()).sum() + " bytes");
    }
  }
}
