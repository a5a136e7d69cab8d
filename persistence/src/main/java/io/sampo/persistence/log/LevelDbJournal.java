package io.sampo.persistence.log;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;

/** The configuration of Pekko Persistence for the log, to be laid over the application's own. */
public final class LevelDbJournal {
  private static final String PLUGIN = "pekko.persistence.journal.leveldb";

  private LevelDbJournal() {}

  /** A LevelDB journal with these settings; includes {@link #anyPlugin()}. */
  public static Config config(JournalSettings settings) {
    boolean nativeEngine = settings.engine() == JournalSettings.Engine.NATIVE;
    Config config =
        ConfigFactory.empty()
            .withValue("pekko.persistence.journal.plugin", value(PLUGIN))
            .withValue(PLUGIN + ".dir", value(settings.directory().toAbsolutePath().toString()))
            .withValue(PLUGIN + ".fsync", value(settings.fsync()))
            .withValue(PLUGIN + ".checksum", value(true))
            .withValue(PLUGIN + ".native", value(nativeEngine));
    if (nativeEngine) {
      // Compacts at every deletion; LogSettings.reclaimBytes makes those rare. On iq80 it would
      // throw.
      config = config.withValue(PLUGIN + ".compaction-intervals." + quoted("*"), value(1));
    }
    return config.withFallback(anyPlugin());
  }

  /**
   * What the log needs with any journal plugin: its serializer, no Java serialization, and nothing
   * that hides a loss.
   */
  public static Config anyPlugin() {
    String actor = "pekko.actor.";
    String persistence = "pekko.persistence.";
    return ConfigFactory.empty()
        .withValue(actor + "allow-java-serialization", value(false))
        .withValue(actor + "serializers.sampo-log", value(LogEventSerializer.class.getName()))
        .withValue(
            actor + "serialization-bindings." + quoted(LogEvent.class.getName()),
            value("sampo-log"))
        .withValue(
            persistence + "snapshot-store.plugin", value("pekko.persistence.no-snapshot-store"))
        // The log checks the order itself; a filter that repairs by discarding would hide a loss.
        .withValue(persistence + "journal-plugin-fallback.replay-filter.mode", value("off"))
        // A command dropped by a full stash would be a batch that is never flushed: fail instead.
        .withValue(persistence + "typed.stash-overflow-strategy", value("fail"));
  }

  private static String quoted(String key) {
    return ConfigUtil.quoteString(key);
  }

  private static com.typesafe.config.ConfigValue value(Object value) {
    return ConfigValueFactory.fromAnyRef(value);
  }
}
