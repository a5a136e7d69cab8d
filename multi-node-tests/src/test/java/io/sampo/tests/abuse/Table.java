package io.sampo.tests.abuse;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Outcomes as a table of Markdown. */
final class Table {
  private static final String[] COLUMNS = {
    "abuse",
    "server",
    "MB before, peak, after",
    "CPU s",
    "sent",
    "closed",
    "answer",
    "good client: worst, errors",
    "log lines",
    "notes"
  };

  private static final int MEGA = 1_000_000;
  private static final int KILO = 1_000;

  private Table() {}

  static String head() {
    return row(COLUMNS) + "\n" + "|---".repeat(COLUMNS.length) + "|";
  }

  static String row(Outcome outcome) {
    LogFigures log = outcome.log();
    return row(
        outcome.abuse(),
        outcome.server(),
        format(
            "%.0f, %.0f, %.0f",
            outcome.megabytesBefore(), outcome.megabytesPeak(), outcome.megabytesAfter()),
        format("%.1f in %.1f", outcome.cpuSeconds(), outcome.seconds()),
        bytes(outcome.sentBytes()),
        closed(outcome),
        outcome.answer(),
        good(outcome.good()),
        log.lines() + (log.largestStack() == 0 ? "" : ", stack of " + log.largestStack()),
        String.join("; ", outcome.notes()));
  }

  private static String closed(Outcome outcome) {
    String counts = outcome.closed() + " of " + outcome.connections();
    return outcome.closed() == 0
        ? counts
        : counts
            + format(
                " after %s, %.1f s",
                bytes(outcome.closedAfterBytes()), outcome.closedAfterSeconds());
  }

  private static String good(GoodClient.Experience good) {
    return format("%.0f ms, %d", good.worstMillis(), good.errors())
        + (good.errors() == 0 ? "" : " of " + good.calls() + " (" + good.firstError() + ")");
  }

  private static String bytes(long bytes) {
    if (bytes >= MEGA) {
      return format("%.1f MB", bytes / 1e6);
    }
    return bytes >= KILO ? format("%.1f kB", bytes / 1e3) : bytes + " B";
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private static String row(String... cells) {
    StringJoiner row = new StringJoiner(" | ", "| ", " |");
    List.of(cells).forEach(cell -> row.add(cell.replace("|", "\\|").replaceAll("\\s+", " ")));
    return row.toString();
  }
}
