package io.sampo.node.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class EtcdEncoderTest {
  private static final Instant TIME = Instant.parse("2026-11-21T11:36:46.010203999Z");

  private final LoggerContext context = new LoggerContext();
  private final EtcdEncoder encoder = new EtcdEncoder();

  @Test
  void aLineHasEtcdsFieldsInEtcdsOrder() {
    assertEquals(
        "{\"level\":\"warn\",\"ts\":\"2026-11-21T11:36:46.010203Z\",\"caller\":\"CALLER\","
            + "\"msg\":\"something\",\"name\":\"m1\",\"took\":\"1m40s\",\"count\":3,"
            + "\"on\":true,\"none\":null,\"urls\":[\"a\",\"b\"],\"ids\":[1,2],"
            + "\"map\":{\"k\":1.5}}\n",
        encode(
            "UTC",
            event(
                Level.WARN,
                "something",
                new KeyValuePair("name", "m1"),
                new KeyValuePair("took", Duration.ofSeconds(100)),
                new KeyValuePair("count", 3),
                new KeyValuePair("on", true),
                new KeyValuePair("none", null),
                new KeyValuePair("urls", List.of("a", "b")),
                new KeyValuePair("ids", new long[] {1, 2}),
                new KeyValuePair("map", Map.of("k", 1.5)))));
  }

  @Test
  void timeIsLocalWithItsOffset() {
    assertTrue(
        encode("Europe/Helsinki", event(Level.INFO, "x"))
            .contains("\"ts\":\"2026-11-21T13:36:46.010203+0200\""));
  }

  @Test
  void textIsEscapedAsZapEscapesIt() {
    assertTrue(
        encode("UTC", event(Level.INFO, "a\"b\\c\n\t\r\u0001\u00e4\ud83d\ude00<&>\ud800"))
            .contains("\"msg\":\"a\\\"b\\\\c\\n\\t\\r\\u0001\u00e4\ud83d\ude00<&>\\ufffd\""));
  }

  @Test
  void theConsoleFormSeparatesByTabsAndSpacesItsFields() {
    encoder.setFormat("console");
    assertEquals(
        "2026-11-21T11:36:46.010203Z\tinfo\tCALLER\tRunning: \t"
            + "{\"args\": [\"etcd\", \"--name\"], \"n\": 1}\n",
        encode(
            "UTC",
            event(
                Level.INFO,
                "Running: ",
                new KeyValuePair("args", List.of("etcd", "--name")),
                new KeyValuePair("n", 1))));
    assertEquals(
        "2026-11-21T11:36:46.010203Z\terror\tCALLER\tx\n", encode("UTC", event(Level.ERROR, "x")));
  }

  @Test
  void aMarkedErrorIsFatalAndTraceIsDebug() {
    LoggingEvent fatal = event(Level.ERROR, "x");
    fatal.addMarker(LogMarkers.FATAL);
    assertTrue(encode("UTC", fatal).startsWith("{\"level\":\"fatal\""));
    assertTrue(encode("UTC", event(Level.TRACE, "x")).startsWith("{\"level\":\"debug\""));
  }

  @Test
  void aCauseBecomesErrorAndStacktrace() {
    LoggingEvent event =
        new LoggingEvent(
            "fqcn",
            context.getLogger("x"),
            Level.ERROR,
            "broken",
            new IllegalStateException("why"),
            null);
    event.setInstant(TIME);
    String line = encode("UTC", event);
    assertTrue(line.contains("\"msg\":\"broken\",\"error\":\"why\",\"stacktrace\":\""), line);
    assertTrue(line.contains("IllegalStateException: why\\n\\tat io.sampo."), line);
    assertEquals(1, line.lines().count());
  }

  @Test
  void theCallerIsThePlaceOfTheCall() {
    String line = new String(encoder.encode(event(Level.INFO, "x")), StandardCharsets.UTF_8);
    // This test stands in a package of the log itself, so the first frame outside is JUnit's.
    assertTrue(line.matches("(?s).*\"caller\":\"[a-z0-9]+/[A-Za-z]+\\.java:[0-9]+\".*"), line);
  }

  private String encode(String zone, LoggingEvent event) {
    encoder.setZone(ZoneId.of(zone));
    String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
    return line.replaceFirst("[a-z0-9]+/[A-Za-z]+\\.java:[0-9]+", "CALLER");
  }

  private LoggingEvent event(Level level, String message, KeyValuePair... pairs) {
    LoggingEvent event =
        new LoggingEvent("fqcn", context.getLogger("x"), level, message, null, null);
    event.setInstant(TIME);
    event.setKeyValuePairs(Arrays.asList(pairs));
    return event;
  }
}
