package io.sampo.tests.compare.metrics;

import io.sampo.tests.compare.KnownDifferences;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How equal two values must be, by the list {@code compare/metrics-bands.txt}: which series, how,
 * why. A series that is not in the list must have the same value.
 */
final class MetricsBands {

  private static final String FILE = "/compare/metrics-bands.txt";

  /** Whether two values are as equal as they must be. */
  interface Band {
    boolean holds(double etcd, double other);
  }

  static final Band SAME = (etcd, other) -> etcd == other;

  private record Entry(Pattern series, Band band) {}

  private final List<Entry> entries;

  private MetricsBands(List<Entry> entries) {
    this.entries = entries;
  }

  static MetricsBands load() {
    return new MetricsBands(KnownDifferences.rows(FILE).stream().map(MetricsBands::entry).toList());
  }

  private static Entry entry(String[] row) {
    return new Entry(Pattern.compile(row[0]), band(row[1]));
  }

  private static Band band(String text) {
    String[] words = text.split(" ");
    return switch (words[0]) {
      case "same" -> SAME;
      case "there" -> (etcd, other) -> !Double.isNaN(etcd) && !Double.isNaN(other);
      case "some" -> (etcd, other) -> etcd > 0 == other > 0;
      case "above" -> (etcd, other) -> etcd > 0 && other > 0;
      case "within" -> {
        double apart = Double.parseDouble(words[1]);
        yield (etcd, other) -> Math.abs(etcd - other) <= apart;
      }
      case "factor" -> {
        double factor = Double.parseDouble(words[1]);
        yield (etcd, other) ->
            etcd == other || etcd > 0 && other <= etcd * factor && other * factor >= etcd;
      }
      case "any" -> (etcd, other) -> true;
      default -> throw new IllegalArgumentException(FILE + ": unknown band " + text);
    };
  }

  Band of(String series) {
    return entries.stream()
        .filter(entry -> entry.series.matcher(series).matches())
        .map(Entry::band)
        .findFirst()
        .orElse(SAME);
  }
}
