package io.sampo.tests.beside;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;

/** The figures as two tables of Markdown: absolute ones at once, ratios at the end. */
final class BesideReport {

  private static final String[] COLUMNS = {
    "beside",
    "server",
    "puts p50 ms",
    "p99",
    "max",
    "leader changes",
    "read MB/s",
    "reads/s",
    "leader's CPU s/s",
    "all members'",
    "readers'",
    "leader's peak MB",
    "errors"
  };

  private static final String[] RATIO_COLUMNS = {
    "beside", "puts p50", "p99", "max", "read MB/s", "leader's CPU s/s", "leader's peak MB"
  };

  private final PrintStream out;
  private final List<String> ratios = new ArrayList<>();

  BesideReport(PrintStream out) {
    this.out = out;
  }

  void head() {
    out.println(head(COLUMNS));
  }

  /** The rows of all programs beside one kind of reads; the program under test is the last. */
  void rows(String beside, Map<String, List<BesideFigures>> figures) {
    figures.forEach((program, rounds) -> out.println(row(beside, program, rounds)));
    List<List<BesideFigures>> both = List.copyOf(figures.values());
    if (both.size() == 2) {
      ratios.add(ratios(beside, both.get(1), both.get(0)));
    }
  }

  void ratios() {
    if (!ratios.isEmpty()) {
      out.println("\nRatios, the last program to the first:\n");
      out.println(head(RATIO_COLUMNS));
      ratios.forEach(out::println);
    }
  }

  private static String row(String beside, String program, List<BesideFigures> rounds) {
    return cells(
        beside,
        program,
        number("%.2f", BesideFigures.median(rounds, quantile(0.5))),
        number("%.1f", BesideFigures.median(rounds, quantile(0.99))),
        number("%.0f", longest(rounds)),
        number("%.0f", rounds.stream().mapToLong(BesideFigures::leaderChanges).sum()),
        number("%.1f", BesideFigures.median(rounds, BesideFigures::readMegabytes)),
        number("%.2f", BesideFigures.median(rounds, BesideFigures::reads)),
        number("%.2f", BesideFigures.median(rounds, BesideFigures::leaderSeconds)),
        number("%.2f", BesideFigures.median(rounds, BesideFigures::allSeconds)),
        number("%.2f", BesideFigures.median(rounds, BesideFigures::readerSeconds)),
        number("%.0f", BesideFigures.median(rounds, BesideFigures::peakMegabytes)),
        BesideFigures.errors(rounds));
  }

  private static String ratios(
      String beside, List<BesideFigures> sampo, List<BesideFigures> other) {
    return cells(
        beside,
        ratio(sampo, other, quantile(0.5)),
        ratio(sampo, other, quantile(0.99)),
        number("%.2f×", longest(sampo) / longest(other)),
        ratio(sampo, other, BesideFigures::readMegabytes),
        ratio(sampo, other, BesideFigures::leaderSeconds),
        ratio(sampo, other, BesideFigures::peakMegabytes));
  }

  private static String ratio(
      List<BesideFigures> sampo,
      List<BesideFigures> other,
      ToDoubleFunction<BesideFigures> figure) {
    return number(
        "%.2f×", BesideFigures.median(sampo, figure) / BesideFigures.median(other, figure));
  }

  private static ToDoubleFunction<BesideFigures> quantile(double share) {
    return round -> round.puts().latencies().quantileMillis(share);
  }

  /** Of all rounds. */
  private static double longest(List<BesideFigures> rounds) {
    return rounds.stream().mapToDouble(quantile(1)).max().orElse(Double.NaN);
  }

  private static String number(String format, double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "";
  }

  private static String head(String... columns) {
    return cells(columns) + "\n" + "|---".repeat(columns.length) + "|";
  }

  private static String cells(String... cells) {
    StringJoiner row = new StringJoiner(" | ", "| ", " |");
    List.of(cells).forEach(row::add);
    return row.toString();
  }
}
