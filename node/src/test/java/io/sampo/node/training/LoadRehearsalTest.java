package io.sampo.node.training;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.persistence.datadir.DataDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadRehearsalTest {
  @TempDir private Path directory;

  @Test
  void itIsWhatTheLauncherTrainsOn() {
    assertInstanceOf(
        LoadRehearsal.class,
        ServiceLoader.load(Training.Rehearsal.class).findFirst().orElseThrow());
  }

  /** It fails by itself if a call is refused a connection or stays without an answer. */
  @Test
  void aNodeServesItAndServesItAgainOnTheSameDirectory() throws Exception {
    new LoadRehearsal(List.of(Duration.ofMillis(500), Duration.ofMillis(100))).perform(directory);
    assertTrue(DataDirectory.hasIdentity(directory.resolve("data")));
  }
}
