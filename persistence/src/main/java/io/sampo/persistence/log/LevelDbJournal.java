package io.sampo.persistence.log;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.sampo.persistence.disk.DiskSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBFactory;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.impl.Iq80DBFactory;

/**
 * The LevelDB journal of the log: its check before the start, and its configuration of Pekko
 * Persistence.
 */
public final class LevelDbJournal {
  private static final String PLUGIN = "pekko.persistence.journal.leveldb";
  private static final String FALLBACK = "pekko.persistence.journal-plugin-fallback.";

  /** The first four bytes of the plugin's keys that map persistence ids to numbers. */
  private static final int NAMES = 1;

  private LevelDbJournal() {}

  /**
   * Opens and closes the journal once, before there is an actor system: a plugin that does not
   * start says so in a log line only, and the actor that waits for it times out half a minute
   * later. Call it while the data directory's lock is held.
   *
   * @throws JournalDamagedException if the journal lost something
   * @throws JournalUnusableException if it cannot be opened, or if its disk is full: LevelDB would
   *     map into memory what the disk does not have, and the process would die
   */
  public static void check(JournalSettings settings) {
    Path directory = settings.directory();
    DBFactory factory =
        settings.engine() == JournalSettings.Engine.NATIVE
            ? JniDBFactory.factory
            : Iq80DBFactory.factory;
    try {
      Files.createDirectories(directory); // LevelDB itself creates the last folder only.
      LevelDbInspection.inspect(directory);
      checkSpace(directory);
      if (settings.engine() == JournalSettings.Engine.NATIVE) {
        LevelDbTables.nameForNative(directory);
      }
      Options options = new Options().createIfMissing(true).compressionType(compression(settings));
      try (DB database = factory.open(directory.toFile(), options)) {
        readWhatThePluginReads(database);
      }
    } catch (JournalDamagedException | JournalUnusableException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Both engines throw what comes: unchecked I/O errors, illegal arguments, wrapped ones.
      throw new JournalUnusableException(cannotBeOpened(directory, reason(e)), e);
    }
  }

  private static void checkSpace(Path directory) throws IOException {
    DiskSpace.shortageForLog(DiskSpace.usableBytes(directory))
        .ifPresent(
            shortage -> {
              throw new JournalUnusableException(cannotBeOpened(directory, shortage), null);
            });
  }

  private static String cannotBeOpened(Path directory, String why) {
    return "the journal " + directory + " cannot be opened: " + why;
  }

  /** The first line of the innermost cause. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString().lines().findFirst().orElseThrow();
  }

  /** What {@link LogSettings#freeBytes()} should ask; the folder must exist. */
  public static LongSupplier freeBytes(JournalSettings settings) {
    return () -> {
      try {
        return DiskSpace.usableBytes(settings.directory());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /**
   * The names of the logs come first; the plugin does not start if they, or the index of any table,
   * are unreadable.
   */
  private static void readWhatThePluginReads(DB database) throws IOException {
    try (DBIterator iterator = database.iterator(new ReadOptions().verifyChecksums(true))) {
      iterator.seekToFirst();
      while (iterator.hasNext() && ByteBuffer.wrap(iterator.next().getKey()).getInt() == NAMES) {
        continue;
      }
    }
  }

  /** As the plugin has it. The Java engine reads compressed tables too, and writes none. */
  private static CompressionType compression(JournalSettings settings) {
    return settings.engine() == JournalSettings.Engine.NATIVE
        ? CompressionType.SNAPPY
        : CompressionType.NONE;
  }

  /** A LevelDB journal with these settings; includes {@link #anyPlugin()}. */
  public static Config config(JournalSettings settings) {
    boolean nativeEngine = settings.engine() == JournalSettings.Engine.NATIVE;
    return ConfigFactory.empty()
        .withValue("pekko.persistence.journal.plugin", value(PLUGIN))
        .withValue(PLUGIN + ".dir", value(settings.directory().toAbsolutePath().toString()))
        .withValue(PLUGIN + ".fsync", value(settings.fsync()))
        .withValue(PLUGIN + ".checksum", value(true))
        .withValue(PLUGIN + ".native", value(nativeEngine))
        // Compacts at every deletion; LogSettings.reclaimBytes makes those rare.
        .withValue(PLUGIN + ".compaction-intervals." + quoted("*"), value(1))
        .withFallback(anyPlugin());
  }

  /**
   * What the log needs with any journal plugin: its serializer, no Java serialization, nothing that
   * hides a loss, and no limit of time: a slow disk is not a failed one.
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
        .withValue(FALLBACK + "replay-filter.mode", value("off"))
        // A disk that stands still is late, not broken: Raft says so and goes on when it does. The
        // breaker would fail the log after 10 s, and the write might become durable all the same.
        .withValue(FALLBACK + "circuit-breaker.call-timeout", value("0s"))
        .withValue(FALLBACK + "recovery-event-timeout", value("1h"))
        // A command dropped by a full stash would be a batch that is never flushed: fail instead.
        .withValue(persistence + "typed.stash-overflow-strategy", value("fail"));
  }

  private static String quoted(String key) {
    return ConfigUtil.quoteString(key);
  }

  private static ConfigValue value(Object value) {
    return ConfigValueFactory.fromAnyRef(value);
  }
}
