package io.sampo.node.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sampo.node.metrics.MetricsRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A leader says of every follower whose heartbeat was late what etcd says. */
class LateHeartbeatTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(RaftMetrics.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong nanos = new AtomicLong();
  private final RaftMetrics metrics =
      new RaftMetrics(new MetricsRegistry(), () -> null, nanos::get, Duration.ofMillis(100));

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    metrics.leadingBegun();
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
  }

  private void send(long afterMillis) {
    nanos.addAndGet(Duration.ofMillis(afterMillis).toNanos());
    metrics.heartbeatsSent(Stream.of(0xaL, 0xbL));
  }

  @Test
  void eachFollowerHasALine() {
    send(250);
    assertEquals(
        List.of(
            "[to=\"a\", heartbeat-interval=\"PT0.1S\", expected-duration=\"PT0.2S\","
                + " exceeded-duration=\"PT0.05S\"]",
            "[to=\"b\", heartbeat-interval=\"PT0.1S\", expected-duration=\"PT0.2S\","
                + " exceeded-duration=\"PT0.05S\"]"),
        lines.list.stream().map(line -> line.getKeyValuePairs().toString()).toList());
  }

  @Test
  void twoIntervalsAreInTime() {
    send(200);
    assertEquals(List.of(), lines.list);
  }
}
