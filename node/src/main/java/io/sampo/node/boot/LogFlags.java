package io.sampo.node.boot;

import static io.sampo.node.boot.flag.ConfigException.Report.VERIFY;
import static io.sampo.node.boot.flag.GoSyntax.quote;

import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.FlagValues;
import io.sampo.node.logging.LogRotation;
import io.sampo.node.logging.LoggingSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The log flags, checked in etcd's order and words. */
final class LogFlags {
  private static final Set<String> LEVELS =
      Set.of("debug", "info", "warn", "error", "dpanic", "panic", "fatal");

  private static final Set<String> STREAMS = Set.of("default", "stderr", "stdout");

  private LogFlags() {}

  static LoggingSettings settings(FlagValues values) throws ConfigException {
    String logger = values.string("logger");
    if (logger.equals("capnslog")) {
      throw verify("--logger=capnslog is removed in v3.5");
    }
    if (!logger.equals("zap")) {
      throw verify("unknown logger option " + quote(logger));
    }
    List<String> outputs = values.strings("log-outputs");
    if (outputs.isEmpty()) {
      outputs = List.of("default");
    }
    if (outputs.size() > 1 && outputs.contains("default")) {
      throw verify("multi logoutput for \"default\" is not supported yet");
    }
    if (outputs.contains("systemd/journal")) {
      throw verify("not supported by this version of Sampo: --log-outputs=systemd/journal");
    }
    Optional<LogRotation> rotation =
        values.bool("enable-log-rotation")
            ? Optional.of(rotation(outputs, values.string("log-rotation-config-json")))
            : Optional.empty();
    return new LoggingSettings(
        given(values, "log-level", level(values.string("log-level"))),
        given(values, "log-format", format(values.string("log-format"))),
        given(values, "log-outputs", outputs),
        rotation);
  }

  private static LogRotation rotation(List<String> outputs, String json) throws ConfigException {
    long files = outputs.stream().filter(output -> !STREAMS.contains(output)).count();
    if (files > 1 || files == 0 && outputs.size() == 1) {
      throw verify(
          "--log-outputs requires a single file path when --log-rotate-config-json is defined");
    }
    return LogRotationJson.parse(json);
  }

  private static <T> Optional<T> given(FlagValues values, String flag, T value) {
    return values.isSet(flag) ? Optional.of(value) : Optional.empty();
  }

  private static String level(String text) throws ConfigException {
    String level =
        text.isEmpty()
            ? "info"
            : text.equals(text.toUpperCase(Locale.ROOT)) ? text.toLowerCase(Locale.ROOT) : text;
    if (!LEVELS.contains(level)) {
      throw verify("unrecognized level: " + quote(text));
    }
    return level;
  }

  private static String format(String text) throws ConfigException {
    String format = text.isEmpty() ? "json" : text;
    if (!format.equals("json") && !format.equals("console")) {
      throw verify("unknown log format: " + text + ", supported values json, console");
    }
    return format;
  }

  private static ConfigException verify(String message) {
    return new ConfigException(VERIFY, message);
  }
}
