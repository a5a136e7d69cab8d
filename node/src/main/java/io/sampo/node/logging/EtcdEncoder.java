package io.sampo.node.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * One event as one line, as etcd 3.7 writes it: {@code level}, {@code ts} (local time, six digits),
 * {@code caller}, {@code msg}, then the event's key-values in their order, then {@code error} and
 * {@code stacktrace} of its cause.
 */
public final class EtcdEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = new byte[0];
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXX");

  private ZoneId zone = ZoneId.systemDefault();
  private volatile boolean console;

  /** {@code json} or {@code console}. */
  public void setFormat(String format) {
    console = format.equals("console");
  }

  void setZone(ZoneId zone) {
    this.zone = zone;
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(256);
    String caller = Caller.find(event.getLoggerName());
    if (console) {
      appendConsole(line, event, caller);
    } else {
      appendJson(line, event, caller);
    }
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private void appendJson(StringBuilder line, ILoggingEvent event, String caller) {
    JsonLine json = new JsonLine(line, false);
    line.append('{');
    json.field(true, "level", level(event));
    json.field(false, "ts", timestamp(event));
    json.field(false, "caller", caller);
    json.field(false, "msg", event.getFormattedMessage());
    appendFields(json, event, false);
    line.append('}');
  }

  private void appendConsole(StringBuilder line, ILoggingEvent event, String caller) {
    line.append(timestamp(event)).append('\t').append(level(event)).append('\t').append(caller);
    line.append('\t').append(event.getFormattedMessage());
    int end = line.length();
    line.append("\t{");
    if (appendFields(new JsonLine(line, true), event, true)) {
      line.append('}');
    } else {
      line.setLength(end);
    }
  }

  /** Returns whether there were any. */
  private static boolean appendFields(JsonLine json, ILoggingEvent event, boolean first) {
    boolean none = first;
    boolean namesError = false;
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      for (KeyValuePair pair : pairs) {
        json.field(none, pair.key, pair.value);
        namesError |= pair.key.equals("error");
        none = false;
      }
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      String text = thrown.getMessage() == null ? thrown.getClassName() : thrown.getMessage();
      json.field(none, namesError ? "cause" : "error", text);
      json.field(false, "stacktrace", ThrowableProxyUtil.asString(thrown));
      none = false;
    }
    return !none;
  }

  private String timestamp(ILoggingEvent event) {
    Instant instant = event.getInstant();
    return TIMESTAMP.format(
        (instant == null ? Instant.ofEpochMilli(event.getTimeStamp()) : instant).atZone(zone));
  }

  private static String level(ILoggingEvent event) {
    if (event.getMarkerList() != null && event.getMarkerList().contains(LogMarkers.FATAL)) {
      return "fatal";
    }
    return switch (event.getLevel().toInt()) {
      case Level.ERROR_INT -> "error";
      case Level.WARN_INT -> "warn";
      case Level.INFO_INT -> "info";
      default -> "debug";
    };
  }
}
