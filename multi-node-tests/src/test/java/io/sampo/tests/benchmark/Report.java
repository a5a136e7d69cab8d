package io.sampo.tests.benchmark;

import io.sampo.tests.process.ServerProgram;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints medians side by side. */
record Report(Options options, Map<ServerProgram, Figures> figures) {

  private static final String ROW = "%-11s %-25s %12s %12s %12s%n";

  void print(PrintStream out) {
    out.printf(
        Locale.ROOT,
        ROW,
        "line",
        "median of rounds",
        options.other(),
        "sampo",
        "sampo/" + options.other());
    for (Line line : options.lines) {
      out.printf("%n%s: %s%n", line.title(), line.what());
      for (Metric metric : Metric.values()) {
        print(out, line, metric);
      }
    }
  }

  private void print(PrintStream out, Line line, Metric metric) {
    List<Double> both =
        List.of(median(options.other(), line, metric), median("sampo", line, metric));
    if (both.stream().allMatch(value -> value.isNaN())) {
      return;
    }
    double ratio = both.get(1) / both.get(0);
    out.printf(
        Locale.ROOT,
        ROW,
        "",
        metric.title(),
        text(metric, both.get(0)),
        text(metric, both.get(1)),
        Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f×", ratio));
  }

  private static String text(Metric metric, double value) {
    return Double.isNaN(value) ? "-" : metric.format(value);
  }

  private double median(String program, Line line, Metric metric) {
    return figures.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(program))
        .map(Map.Entry::getValue)
        .filter(measured -> measured.has(line, metric))
        .mapToDouble(measured -> measured.median(line, metric))
        .findFirst()
        .orElse(Double.NaN);
  }
}
