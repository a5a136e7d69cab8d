package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.sampo.node.request.TraceLines.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The line of etcd's that is called trace. */
class TraceLinesTest {
  private static final long MILLI = 1_000_000;

  private final TraceLog log = new TraceLog();
  private final TraceLines lines = new TraceLines(() -> 10_000);

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void aHundredMillisecondsAreNotLongYet() {
    assertFalse(TraceLines.isLong(100 * MILLI));
    assertTrue(TraceLines.isLong(100 * MILLI + 1));
  }

  @Test
  void aLineHasEtcdsFieldsInEtcdsOrder() {
    lines.write("put", "key:a; ", 5, 5 + 150 * MILLI, List.of(new Step("one", 5 + 150 * MILLI)));
    ILoggingEvent line = log.event();
    assertEquals(Level.INFO, line.getLevel());
    assertEquals("trace", line.getMessage());
    assertEquals(
        List.of(
            "trace_id", "operation", "detail", "duration", "start", "end", "steps", "step_count"),
        line.getKeyValuePairs().stream().map(pair -> pair.key).toList());
    assertTrue((int) line.getKeyValuePairs().get(0).value >= 0);
    assertEquals("{key:a; }", line.getKeyValuePairs().get(2).value);
    assertEquals(Duration.ofMillis(150), line.getKeyValuePairs().get(3).value);
    assertEquals(Instant.ofEpochMilli(9_850), instant(line.getKeyValuePairs().get(4).value));
    assertEquals(Instant.ofEpochMilli(10_000), instant(line.getKeyValuePairs().get(5).value));
    assertEquals(List.of("'one'  (duration: 150ms)"), line.getKeyValuePairs().get(6).value);
    assertEquals(1, line.getKeyValuePairs().get(7).value);
  }

  private static Instant instant(Object text) {
    DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXX");
    return ZonedDateTime.parse((String) text, format).toInstant();
  }

  /** Of three steps one that took more than 25 ms; the time behind the last belongs to none. */
  @Test
  void stepsThatTookLessThanTheirShareAreLeftOut() {
    List<Step> steps =
        List.of(
            new Step("one", 25 * MILLI),
            new Step("two", 51 * MILLI),
            new Step("three", 51 * MILLI));
    lines.write("range", "", 0, 200 * MILLI, steps);
    lines.writeAll("range", "", 0, 200 * MILLI, steps);
    assertEquals(
        List.of(
            "range  PT0.2S ['two'  (duration: 26ms)]",
            "range  PT0.2S ['one'  (duration: 25ms), 'two'  (duration: 26ms)]"),
        log.lines());
  }
}
