package io.sampo.node.request;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The trace lines that are written while this is open, without their ids and times of day. */
public final class TraceLog implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger(TraceLines.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  public TraceLog() {
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  /** Of each line its operation, its detail, how long it took, and its steps. */
  public List<String> lines() {
    return lines.list.stream()
        .map(
            line -> {
              var pairs = line.getKeyValuePairs();
              return "%s %s %s %s"
                  .formatted(
                      pairs.get(1).value,
                      pairs.get(2).value,
                      pairs.get(3).value,
                      pairs.get(6).value);
            })
        .toList();
  }

  ILoggingEvent event() {
    return lines.list.get(0);
  }

  @Override
  public void close() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }
}
