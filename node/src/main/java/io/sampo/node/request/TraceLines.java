package io.sampo.node.request;

import io.sampo.node.logging.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes etcd's line {@code trace} of a request that took longer than 100 ms (etcd 3.7.1,
 * pkg/traceutil): what it was, and the steps that took long. Called on any thread, behind {@link
 * #isLong}: of a quick request nothing is made.
 */
public final class TraceLines {
  private static final Logger LOG = LoggerFactory.getLogger(TraceLines.class);

  /** etcd's {@code traceThreshold}, for which there is no flag. */
  static final long THRESHOLD_NANOS = 100_000_000;

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXX")
          .withZone(ZoneId.systemDefault());

  /** Spreads the bits of a time over an id. */
  private static final long ODD = 0x9E3779B97F4A7C15L;

  private final LongSupplier currentMillis;

  /**
   * @param currentMillis the wall clock
   */
  public TraceLines(LongSupplier currentMillis) {
    this.currentMillis = currentMillis;
  }

  /** A part of a request, and when it ended; it began with the end of the one before. */
  public record Step(String name, long endNanos) {}

  /** Whether a request that took so long has a line. */
  public static boolean isLong(long nanos) {
    return nanos > THRESHOLD_NANOS;
  }

  /**
   * Tells of a request, and of those of its steps that took more than their share of 100 ms.
   *
   * @param detail what etcd says of it, {@code name:value; } after {@code name:value; }
   * @param endNanos now
   */
  public void write(
      String operation, String detail, long beginNanos, long endNanos, List<Step> steps) {
    write(operation, detail, beginNanos, endNanos, steps, THRESHOLD_NANOS / (steps.size() + 1));
  }

  /** The same with every step that took any time. */
  void writeAll(String operation, String detail, long beginNanos, long endNanos, List<Step> steps) {
    write(operation, detail, beginNanos, endNanos, steps, 0);
  }

  private void write(
      String operation,
      String detail,
      long beginNanos,
      long endNanos,
      List<Step> steps,
      long leastNanos) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    Instant end = Instant.ofEpochMilli(currentMillis.getAsLong());
    long nanos = endNanos - beginNanos;
    List<String> texts = texts(beginNanos, steps, leastNanos);
    LOG.atInfo()
        .addKeyValue("trace_id", (int) ((beginNanos ^ endNanos << 20) * ODD >>> 33))
        .addKeyValue("operation", operation)
        .addKeyValue("detail", detail.isEmpty() ? "" : "{" + detail + "}")
        .addKeyValue("duration", Duration.ofNanos(nanos))
        .addKeyValue("start", TIMESTAMP.format(end.minusNanos(nanos)))
        .addKeyValue("end", TIMESTAMP.format(end))
        .addKeyValue("steps", texts)
        .addKeyValue("step_count", texts.size())
        .log("trace");
  }

  private static List<String> texts(long beginNanos, List<Step> steps, long leastNanos) {
    List<String> texts = new ArrayList<>();
    long last = beginNanos;
    for (Step step : steps) {
      long nanos = step.endNanos() - last;
      if (nanos > leastNanos) {
        texts.add("'%s'  (duration: %s)".formatted(step.name(), DurationText.format(nanos)));
      }
      last = step.endNanos();
    }
    return texts;
  }
}
