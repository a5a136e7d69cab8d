package io.sampo.node.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the appender of a {@code --log-outputs} value. */
final class Appenders {
  private Appenders() {}

  static boolean isConsole(String target) {
    return target.equals("stderr") || target.equals("stdout");
  }

  /** A started appender that writes JSON lines to a standard stream, or to the end of a file. */
  static Appender<ILoggingEvent> create(
      LoggerContext context, String target, Optional<LogRotation> rotation) {
    OutputStreamAppender<ILoggingEvent> appender;
    if (isConsole(target)) {
      ConsoleAppender<ILoggingEvent> toConsole = new ConsoleAppender<>();
      toConsole.setTarget(target.equals("stdout") ? "System.out" : "System.err");
      appender = toConsole;
    } else if (rotation.isPresent()) {
      appender = rotating(context, Path.of(target), rotation.get());
    } else {
      FileAppender<ILoggingEvent> toFile = new FileAppender<>();
      toFile.setFile(target);
      appender = toFile;
    }
    EtcdEncoder encoder = new EtcdEncoder();
    encoder.setContext(context);
    encoder.start();
    appender.setContext(context);
    appender.setName(target);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static OutputStreamAppender<ILoggingEvent> rotating(
      LoggerContext context, Path file, LogRotation rotation) {
    RotationPolicy policy = new RotationPolicy(file, rotation);
    policy.setContext(context);
    policy.start();
    RollingFileAppender<ILoggingEvent> toFile = new RollingFileAppender<>();
    toFile.setContext(context);
    toFile.setFile(file.toString());
    toFile.setRollingPolicy(policy);
    toFile.setTriggeringPolicy(policy);
    return toFile;
  }
}
