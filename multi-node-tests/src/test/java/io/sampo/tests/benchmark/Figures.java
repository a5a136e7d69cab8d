package io.sampo.tests.benchmark;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Everything measured of one program: per line and metric one value a round. */
final class Figures {

  private final Map<Line, Map<Metric, List<Double>>> values = new EnumMap<>(Line.class);

  void add(Line line, Metric metric, double value) {
    values
        .computeIfAbsent(line, key -> new EnumMap<>(Metric.class))
        .computeIfAbsent(metric, key -> new ArrayList<>())
        .add(value);
  }

  boolean has(Line line, Metric metric) {
    return values.getOrDefault(line, Map.of()).containsKey(metric);
  }

  /** The median of the rounds; the mean of the middle two of an even number. */
  double median(Line line, Metric metric) {
    List<Double> sorted = values.get(line).get(metric).stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
