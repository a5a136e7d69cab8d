package io.sampo.node.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Applies {@code conf/logback.xml} without reading XML, as long as nobody has edited it: that takes
 * a tenth of the time that logback needs to interpret it, and a start has little. It knows the file
 * by its checksum; any other file goes to logback's own interpreter.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class QuickConfigurator extends ContextAwareBase implements Configurator {
  /** CRC-32 of the {@code conf/logback.xml} that {@link #apply} stands for. */
  static final long KNOWN_CHECKSUM = 0xcc29a147L;

  static final String FILE_PROPERTY = "logback.configurationFile";

  private static final List<String> QUIET_LIBRARIES =
      List.of("org.apache.pekko", "com.typesafe", "org.iq80.leveldb", "org.jose4j");

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (checksum() != KNOWN_CHECKSUM) {
      return ExecutionStatus.NEUTRAL;
    }
    apply(context);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  static void apply(LoggerContext context) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(Appenders.create(context, "stderr", Optional.empty()));
    for (String library : QUIET_LIBRARIES) {
      context.getLogger(library).setLevel(Level.WARN);
    }
  }

  /**
   * Of the file that logback would read; -1 if there is none, or it cannot be read: logback says so
   * then.
   */
  private static long checksum() {
    String file = System.getProperty(FILE_PROPERTY);
    try (InputStream content =
        file == null
            ? QuickConfigurator.class.getResourceAsStream("/logback.xml")
            : Files.newInputStream(Path.of(file))) {
      if (content == null) {
        return -1;
      }
      CRC32 crc = new CRC32();
      crc.update(content.readAllBytes());
      return crc.getValue();
    } catch (IOException e) {
      return -1;
    }
  }
}
