package io.sampo.tests.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.persistence.log.JournalSettings;
import io.sampo.persistence.log.JournalUnusableException;
import io.sampo.persistence.log.LevelDbJournal;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A start on a disk that is full is one clear line, and writes nothing. */
class FullDiskTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static List<String> fatalLines(ServerUnderTest member) {
    return member.log().lines().filter(line -> line.contains("\"level\":\"fatal\"")).toList();
  }

  private static List<Path> everything(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().toList();
    }
  }

  /** With the Java engine: were it opened, the native one would end this process. */
  @Test
  void theJournalIsNotOpenedThere() {
    try (SmallDisk disk = SmallDisk.ofMebibytes(80)) {
      JournalSettings journal =
          new JournalSettings(disk.path().resolve("journal"), true, JournalSettings.Engine.JAVA);
      LevelDbJournal.check(journal);
      disk.fillExcept(100_000);
      String why =
          assertThrows(JournalUnusableException.class, () -> LevelDbJournal.check(journal))
              .getMessage();
      assertTrue(why.contains(journal.directory() + " cannot be opened: the disk is full"), why);
      assertTrue(why.lines().count() == 1, why);
    }
  }

  @Test
  void aFirstStartSaysSoAndWritesNothing() throws IOException {
    try (SmallDisk disk = SmallDisk.ofMebibytes(80);
        ServerUnderTest member =
            ServerUnderTest.preparedOn(ServerProgram.underTest(), disk.path().resolve("data"))) {
      disk.fillExcept(0);
      List<Path> before = everything(disk.path());
      member.launch();
      assertEquals(1, member.awaitExit(LIMIT), member.log());
      assertEquals(1, fatalLines(member).size(), member.log());
      assertTrue(fatalLines(member).get(0).contains("the disk is full: 0 bytes are left"));
      assertEquals(before, everything(disk.path()));
    }
  }

  @Test
  void aLaterStartSaysSoAndGoesOnWhenThereIsSpace() {
    try (SmallDisk disk = SmallDisk.ofMebibytes(100);
        ServerUnderTest member =
            ServerUnderTest.startOn(ServerProgram.underTest(), disk.path().resolve("data"))) {
      member.kill();
      disk.fillExcept(4096);
      member.launch();
      assertEquals(1, member.awaitExit(LIMIT), member.log());
      assertEquals(1, fatalLines(member).size(), member.log());
      disk.resize(300);
      member.start();
    }
  }
}
