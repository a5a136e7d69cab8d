package io.sampo.node.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.filter.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Brings the process's one log into the state that the flags ask for. */
public final class Logging {
  private Logging() {}

  /**
   * Applies the settings to the running log, and takes {@code java.util.logging} into it. Flags win
   * over {@code conf/logback.xml}, which keeps everything that no flag was given for.
   *
   * @throws IOException if a log file cannot be written to; the log is as before then
   */
  public static void apply(LoggingSettings settings) throws IOException {
    apply((LoggerContext) LoggerFactory.getILoggerFactory(), settings);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  static void apply(LoggerContext context, LoggingSettings settings) throws IOException {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    if (settings.outputs().isPresent()) {
      replaceOutputs(context, root, settings.outputs().get(), settings.rotation());
    }
    addFilters(root, BadAnswerFilter::new);
    settings.format().ifPresent(format -> setFormat(root, format));
    settings.level().ifPresent(level -> setLevel(root, level));
  }

  private static void replaceOutputs(
      LoggerContext context, Logger root, List<String> outputs, Optional<LogRotation> rotation)
      throws IOException {
    TreeSet<String> targets = new TreeSet<>(outputs);
    if (targets.contains("/dev/null")) {
      root.detachAndStopAllAppenders();
      return;
    }
    if (targets.remove("default")) {
      targets.add("stderr");
    }
    for (String target : targets) {
      if (!Appenders.isConsole(target)) {
        requireWritable(Path.of(target));
      }
    }
    root.detachAndStopAllAppenders();
    for (String target : targets) {
      root.addAppender(Appenders.create(context, target, rotation));
    }
  }

  private static void requireWritable(Path file) throws IOException {
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (NoSuchFileException e) {
      throw new IOException(cannotOpen(file, "no such file or directory"), e);
    } catch (IOException e) {
      throw new IOException(cannotOpen(file, e.getMessage()), e);
    }
  }

  private static String cannotOpen(Path file, String reason) {
    return "open sink \"%s\": open %s: %s".formatted(file, file, reason);
  }

  private static void setFormat(Logger root, String format) {
    for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
      if (all.next() instanceof OutputStreamAppender<ILoggingEvent> appender
          && appender.getEncoder() instanceof EtcdEncoder encoder) {
        encoder.setFormat(format);
      }
    }
  }

  /**
   * Nothing below fatal is an own level here: from "dpanic" on, only errors marked as fatal pass.
   */
  private static void setLevel(Logger root, String level) {
    switch (level) {
      case "debug" -> root.setLevel(Level.DEBUG);
      case "info" -> root.setLevel(Level.INFO);
      case "warn" -> root.setLevel(Level.WARN);
      case "error" -> root.setLevel(Level.ERROR);
      default -> {
        root.setLevel(Level.ERROR);
        addFilters(root, FatalOnlyFilter::new);
      }
    }
  }

  private static void addFilters(Logger root, Supplier<Filter<ILoggingEvent>> filters) {
    for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
      Filter<ILoggingEvent> filter = filters.get();
      filter.start();
      all.next().addFilter(filter);
    }
  }
}
