package io.sampo.node.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggingTest {
  private static final Path FILE = Path.of("../conf/logback.xml");

  private final LoggerContext context = new LoggerContext();

  LoggingTest() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @Test
  void theQuickWayEqualsTheFile() throws JoranException {
    QuickConfigurator.apply(context);
    LoggerContext fromFile = new LoggerContext();
    JoranConfigurator joran = new JoranConfigurator();
    joran.setContext(fromFile);
    joran.doConfigure(FILE.toFile());

    assertEquals(levels(fromFile), levels(context));
    assertEquals(stderr(fromFile).getTarget(), stderr(context).getTarget());
    assertInstanceOf(EtcdEncoder.class, stderr(fromFile).getEncoder());
  }

  @Test
  void theFileIsTheOneThatTheQuickWayKnows() throws IOException {
    CRC32 crc = new CRC32();
    crc.update(Files.readAllBytes(FILE));
    assertEquals(QuickConfigurator.KNOWN_CHECKSUM, crc.getValue());
  }

  @Test
  void flagsWinOverTheFile(@TempDir Path folder) throws IOException {
    QuickConfigurator.apply(context);
    Path file = folder.resolve("node.log");
    Logging.apply(
        context,
        new LoggingSettings(
            Optional.of("warn"),
            Optional.of("console"),
            Optional.of(List.of(file.toString(), "stdout")),
            Optional.empty()));

    Logger log = context.getLogger("io.sampo.Example");
    log.info("not this");
    log.atWarn().addKeyValue("k", "v").log("but this");
    context.stop();
    List<String> lines = Files.readAllLines(file);
    assertEquals(1, lines.size());
    assertEquals("warn", lines.get(0).split("\t")[1]);
    assertEquals("{\"k\": \"v\"}", lines.get(0).split("\t")[4]);
  }

  @Test
  void aFileThatCannotBeWrittenChangesNothing() {
    QuickConfigurator.apply(context);
    IOException refusal =
        assertThrows(
            IOException.class,
            () ->
                Logging.apply(
                    context,
                    new LoggingSettings(
                        Optional.of("debug"),
                        Optional.empty(),
                        Optional.of(List.of("/nonexistent/x.log")),
                        Optional.empty())));

    assertEquals(
        "open sink \"/nonexistent/x.log\": open /nonexistent/x.log: no such file or directory",
        refusal.getMessage());
    assertEquals(Level.INFO, root(context).getLevel());
    assertEquals("stderr", stderr(context).getName());
  }

  @Test
  void onlyFatalLinesPassAtLevelFatal(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("node.log");
    Logging.apply(
        context,
        new LoggingSettings(
            Optional.of("fatal"),
            Optional.empty(),
            Optional.of(List.of(file.toString())),
            Optional.empty()));
    Logger log = context.getLogger("x");
    log.error("an error");
    log.atError().addMarker(LogMarkers.FATAL).log("the end");
    context.stop();
    assertEquals(1, Files.readAllLines(file).size());
  }

  private static Map<String, String> levels(LoggerContext context) {
    Map<String, String> levels = new TreeMap<>();
    for (Logger logger : context.getLoggerList()) {
      if (logger.getLevel() != null) {
        levels.put(logger.getName(), logger.getLevel().toString());
      }
    }
    return levels;
  }

  private static ConsoleAppender<ILoggingEvent> stderr(LoggerContext context) {
    return (ConsoleAppender<ILoggingEvent>) root(context).getAppender("stderr");
  }

  private static Logger root(LoggerContext context) {
    return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
