package io.sampo.persistence.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the logs of a LevelDB that is not open, before LevelDB does and leaves out of them what it
 * cannot read.
 */
final class LevelDbInspection {
  private LevelDbInspection() {}

  /**
   * Passes a journal that is whole, or whose last write is torn.
   *
   * @throws JournalDamagedException if more than that is unreadable
   */
  static void inspect(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> listing = Files.list(directory)) {
      files = listing.sorted().toList();
    }
    // LevelDB would take a folder without this file for a new one and delete the tables in it.
    if (!Files.exists(directory.resolve("CURRENT"))
        && files.stream().anyMatch(LevelDbInspection::hasData)) {
      throw new JournalDamagedException(
          JournalDamagedException.advice(directory.toString(), "its file CURRENT is missing"));
    }
    for (Path file : files) {
      if (!hasRecords(file)) {
        continue;
      }
      try (FileChannel channel = FileChannel.open(file)) {
        LevelDbRecords records =
            new LevelDbRecords(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        if (records.ending() == LevelDbRecords.Ending.DAMAGED) {
          throw new JournalDamagedException(
              JournalDamagedException.advice(
                  directory.toString(),
                  file.getFileName() + " is unreadable from byte " + records.intactBytes()));
        }
      }
    }
  }

  private static boolean hasData(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".log") || name.endsWith(".sst") || name.endsWith(".ldb");
  }

  private static boolean hasRecords(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".log") || name.startsWith("MANIFEST-");
  }
}
