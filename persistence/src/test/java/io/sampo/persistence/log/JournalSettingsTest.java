package io.sampo.persistence.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.Config;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalSettingsTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyAnUnsafeJournalDoesWithoutFsync(boolean fsync) {
    Config config =
        LevelDbJournal.config(
            new JournalSettings(Path.of("journal"), fsync, JournalSettings.Engine.JAVA));
    String plugin = config.getString("pekko.persistence.journal.plugin");
    assertEquals(fsync, config.getBoolean(plugin + ".fsync"));
  }
}
